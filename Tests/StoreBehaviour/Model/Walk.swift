import AuthEvents
import Clocks
import Deliveries
import Limits
import Spend
import Store
import TestSupport

/// Takes commands on a store and on the model of it, and looks after each whether both stand the same.
struct Walk {
    let scene: Scene
    var model: Model
    var claims: [Claim] = []
    var submitted: [Letter] = []
    var letters: [DeliveryID: Letter] = [:]
    /// All that there ever were, those too that a restore has lost.
    var challenges: [ChallengeID] = []
    var deliveries: [DeliveryID] = []
    var processes = Array(repeating: 0, count: Command.carriers.count)
    var holds: [String] = []
    var suppressed: [(person: String, id: SuppressionID)] = []
    /// One that may still be put back, with the model of that moment.
    var copy: (store: StoreCopy, model: Model)?
    /// What was done and answered.
    private(set) var trace: [String] = []
    var answer = ""
    /// Where deliveries have stood, and what was answered.
    private(set) var visited: Set<String> = []

    init(in lab: some StoreLab, _ terms: ModelTerms) async throws {
        scene = Scene(lab: lab)
        model = Model(now: lab.time.now(), terms: terms)
        for gateway in Scene.reporting.gateways { model.gateways[gateway.name] = GatewayHealth() }
        var settings = lab.settings
        settings.routing = Scene.reporting
        if terms.sendsAgain { Scene.sendsAgain(&settings) }
        settings.budgets = [Walk.budget(terms.limit)]
        let policy = SendingPolicy(attempts: terms.attempts, backoff: Backoff(ceiling: terms.backoff))
        settings.policy = { _, _ in policy }
        try await lab.reopen(with: settings)
    }

    static func budget(_ micros: Int64) -> Budget { .cents(micros / 10_000, period: .hour) }

    var store: any PostOfficeStore { scene.store }

    /// Takes one step; returns what was wrong with it.
    mutating func take(_ command: Command) async -> [String] {
        scene.time.pass(.milliseconds(1))
        model.now = scene.time.now()
        answer = ""
        do {
            try await act(command)
        } catch {
            model.faults.add("it threw \(error)")
        }
        // How many tries are left does not matter.
        if !answer.isEmpty { visit("\(command)".prefix { $0 != " " } + " " + answer.prefix { $0 != "," }) }
        trace.append("\(command)" + (answer.isEmpty ? "" : " -> \(answer)"))
        return model.faults.all
    }

    mutating func visit(_ place: some StringProtocol) { visited.insert(String(place)) }

    /// Looks, lets the model do what the step did, and compares.
    mutating func check(isSwept: Bool = false, _ apply: (inout Model, Sighting) -> Void = { _, _ in }) async throws {
        let seen = try await Sighting(of: scene, challenges: challenges)
        apply(&model, seen)
        model.drift(to: seen)
        model.compare(with: seen)
        if isSwept { model.expectNothingIsDue() }
        for delivery in model.deliveries.values { visit(delivery.place) }
    }

    private mutating func act(_ command: Command) async throws {
        switch command {
        case .accept(let drafts): try await accept(drafts.map { letter($0) })
        case .again(let index, let isChanged):
            guard let letter = submitted.back(index) else { return }
            try await accept([isChanged ? letter.with { $0.content = "other" } : letter])
        case .claim(let carrier, let limit, let isNew, let below): try await claim(carrier, limit, isNew, below)
        case .begin, .settle, .free, .refuse, .receive: try await carry(command)
        case .pass(let milliseconds):
            scene.time.pass(.milliseconds(milliseconds))
            model.now = scene.time.now()
        case .sweep:
            for _ in 1...2 { try await scene.sweep() }
            try await check(isSwept: true)
        case .cancel(let index):
            guard let id = deliveries.back(index) else { return }
            let isDone = try await store.cancel(id, of: nil)
            answer = isDone.map { "\($0)" } ?? "nil"
            try await check { model, _ in model.cancel(id, isDone) }
        case .verify(let index, let code, let key): try await verify(index, code, key)
        case .pause(let channel):
            try await store.pause(channel)
            try await check { model, _ in model.pauses.insert(channel) }
        case .resume(let channel):
            try await store.resume(channel)
            try await check { model, _ in model.pauses.remove(channel) }
        case .hold, .unhold, .suppress, .unsuppress: try await stop(command)
        case .replay(let limit, let isDry): try await replay(limit, isDry)
        case .budget(let cents):
            copy = nil
            try await scene.open([.cents(cents, period: .hour)])
            try await check { model, _ in model.limit = cents * 10_000 }
        case .reopen:
            copy = nil
            try await scene.lab.reopen()
            try await check { model, _ in model.forgetHolders() }
        case .kill:
            copy = nil
            try await scene.lab.kill(reopeningWith: scene.lab.settings)
            try await check { model, _ in model.forgetHolders() }
        case .backUp:
            copy = (try await store.backUp { true }, model)
            try await check()
        case .restore: try await restore()
        }
    }

    private mutating func restore() async throws {
        guard let (store, copied) = copy else { return }
        copy = nil
        var former = copied
        try await scene.lab.restore(store)
        (former.now, former.limit) = (model.now, model.limit)
        former.life = model.life
        former.beginAnew()
        model = former
        answer = "done"
        try await check()
    }

    // MARK: Applications

    private func letter(_ draft: Command.Draft) -> Letter {
        let person = ["ann", "bob", "cyd"][draft.person] + (draft.channel == .sms ? " sms" : "")
        return Letter(to: person, draft.purpose, by: draft.channel).with { letter in
            letter.name = "event \(scene.stationery.next())"
            letter.life = .seconds(draft.life)
            letter.session = draft.hasSession ? "session" : nil
            letter.reopens = draft.reopens
            letter.proves = draft.purpose != .notice
            letter.tries = 3
            letter.resendWaits = draft.purpose == .recovery ? Model.waits : []
            if draft.person == 2 { letter.tenant = Scene.acme }
            letter.legs[0].slots = [Slot("person", at: person, "4/10m"), Slot("all", at: "all", "20/1h")]
            guard draft.channel == .sms else { return }
            letter.legs[0].number = ["+12025550100", "+12425550101", "+447700900123"][draft.person]
            letter.country = ["US", "BS", "GB"][draft.person]
            letter.prices = [Letter.Price("sms-main", .cents(1)), Letter.Price("sms-backup", .cents(2))]
        }
    }

    private mutating func accept(_ letters: [Letter]) async throws {
        let submissions = letters.map { scene.stationery.submission($0, at: scene.time.now()) }
        let answers = try await store.accept(submissions)
        answer = answers.map(\.word).joined(separator: ", ")
        for (letter, answer) in zip(letters, answers) {
            visit("accept \(answer.place)")
            guard case .accepted(let event) = answer, let delivery = event.deliveries.first else { continue }
            submitted.append(letter)
            self.letters[delivery.id] = letter
            deliveries.append(delivery.id)
            if let id = delivery.challengeID, !challenges.contains(id) { challenges.append(id) }
        }
        try await check { model, seen in
            for ((letter, submission), answer) in zip(zip(letters, submissions), answers) {
                model.accept(submission, letter, answer, seen)
            }
        }
    }

    private mutating func verify(_ index: Int, _ back: Int64, _ key: Int?) async throws {
        guard let id = challenges.back(index) else { return }
        let number = Int64(model.challenges[id]?.codes.count ?? 1) - back
        let code = number < 1 ? "wrong" : "\(number)"
        let result = try await scene.verify(id, code, key: key.map { "key \($0)" })
        answer = result.name
        let name = answer
        try await check { model, _ in model.verify(id, code, key: key.map { "key \($0)" }, name) }
    }
}

extension Array {
    /// One so many before the newest, round and round.
    func back(_ index: Int) -> Element? { isEmpty ? nil : self[count - 1 - index % count] }
}

extension Acceptance {
    fileprivate var word: String {
        switch self {
        case .accepted: "accepted"
        case .duplicate: "duplicate"
        case .conflict: "conflict"
        case .refused(let refusal, _): "refused \(refusal.cause)"
        case .invalid: "invalid"
        }
    }

    /// The same without who and until when.
    fileprivate var place: String {
        guard case .refused(let refusal, _) = self else { return word }
        return switch refusal.cause {
        case .destination: "refused destination"
        case .overBudget: "refused over_budget"
        case .limited(let limit, _): "refused \(limit)"
        case .suppressed: "refused suppressed"
        case .held(_, _, let isWhole): isWhole ? "refused tenant" : "refused held"
        }
    }
}
