import Clocks
import Configuration
import Foundation
import JSON
import TestSupport

/// The storm: real programs under load, killed by a seeded plan; then calm, and the reckoning.
final class Storm {
    let terms: StormTerms
    let post: Post
    let weather: Weather
    let record = GatewayRecord()
    let journal = Journal()
    let watch: Watch
    let cast: Cast
    var generator: SeededGenerator
    var tally = Tally()
    /// Processes of carriers that were killed.
    private var dead: Set<String> = []
    /// What ends by itself, and when: sleep, a dead gateway, a turned clock.
    var pending: [(due: Int64, act: () async throws -> Void)] = []
    var token = ""
    /// What is being done.
    private var act = Act.killServer

    init(_ terms: StormTerms) throws {
        self.terms = terms
        post = try Post(terms)
        weather = Weather(folder: post.folder)
        watch = Watch(post.database, weather)
        cast = Cast(post)
        generator = SeededGenerator(seed: terms.seed)
    }

    /// Runs to the end and returns what came of it.
    func run() async throws -> Verdict {
        var ports: [String: UInt16] = [:]
        for (index, name) in StormTerms.gateways.enumerated() {
            let seed = terms.seed &* 1_000_003 &+ UInt64(index) << 32
            let open = name.hasPrefix("mail") ? MailGateway.open : TextGateway.open
            ports[name] = try open(name, record, weather, seed)
        }
        try await post.initialize(ports: ports)
        try await cast.startServer()
        token = try await post.token("events,codes,read,operate,spend")
        if terms.swallowsSyncs { try post.swallowSyncs() }
        let (takes, taking) = AsyncStream.makeStream(of: GatewayRecord.Take.self)
        record.listen { taking.yield($0) }
        let reader = Reader(post: post, journal: journal, watch: watch, token: token, takes: takes)
        let application = Application(post: post, journal: journal, watch: watch, token: token)
        let watching = Task { [watch] in await watch.run() }
        let reading = Task { await reader.run() }
        let posting = Task { [terms] in
            await withDiscardingTaskGroup { group in
                for sender in 1...10 { group.addTask { await application.run(sender: sender, seed: terms.seed) } }
            }
        }
        try await breakOut()
        try await cast.startWorkers()
        try await rage()
        journal.end()
        await posting.value
        let calm = Calm(storm: self, application: application, reader: reader)
        var faults = try await calm.come()
        taking.finish()
        await reading.value
        watching.cancel()
        await watching.value
        // What has come to rest since its last look.
        watch.look()
        faults += try await cast.endAll()
        let evidence = Evidence(
            database: post.database,
            takes: record.takes,
            entries: journal.entries,
            verifications: journal.verifications,
            cancelled: journal.cancelled,
            asked: journal.asked,
            guessed: journal.guessed.union(journal.mistyped),
            typed: journal.typed,
            greedy: journal.greedy,
            blind: watch.blind,
            turns: weather.turns,
            unknownsAtMost: tally.workerDeaths * StormTerms.connections * 2 + record.oddities
        )
        return try await Verdict(terms, tally, evidence, journal, faults: faults, watch: watch, folder: post.folder)
    }

    private func rage() async throws {
        var plan = StormPlan(terms)
        let begin = ContinuousClock.now
        let end = begin + terms.length
        var told = begin
        // A machine that is busy takes longer; what was begun is ended.
        while ContinuousClock.now < end || ContinuousClock.now < begin + StormTerms.longest && !hasDoneEnough {
            try await endWhatIsDue()
            act = plan.next()
            tally.acts[act.name, default: 0] += 1
            try await perform(act)
            if ContinuousClock.now - told >= .seconds(60) {
                told = .now
                say(
                    "after \((told - begin).components.seconds) s: \(tally.kills) kills, \(record.takes.count) messages taken"
                )
            }
        }
        try await endWhatIsDue(all: true)
    }

    /// Whether what the storm is for has happened; that of a few seconds on a busy machine could be over before.
    private var hasDoneEnough: Bool {
        if terms.swallowsSyncs { return tally.hasLostAccepted }
        return tally.kills >= StormTerms.leastKills && tally.killsIn[.handedOver] != nil
            && journal.entries.values.count { $0.acceptedAt != nil } >= StormTerms.leastAccepted
            && !journal.verifications.isEmpty && !journal.cancelled.isEmpty && !journal.guessed.isEmpty
    }

    func endWhatIsDue(all: Bool = false) async throws {
        let now = SystemTime.machine.boot().milliseconds
        let due = pending.filter { all || $0.due <= now }
        pending.removeAll { all || $0.due <= now }
        for one in due { try await one.act() }
    }

    func after(milliseconds: Int64, _ act: @escaping () async throws -> Void) {
        pending.append((SystemTime.machine.boot().milliseconds + milliseconds, act))
    }

    // MARK: Kills

    /// Kills somebody in the middle of work, and looks at where each attempt stood.
    ///
    /// `channels`: Whose attempts are met.
    func strike(_ channels: Set<Cast.Channel>, isDeadly: Bool, _ kill: () async -> Void) async {
        await waitForFlight(channels)
        // Right behind a wave there are outcomes on their way, and claims and begins of what comes next.
        let isBehindWave = Int.random(in: 0..<4, using: &generator) > 0
        await rest(
            milliseconds: isBehindWave
                ? Waves.untilNext() + .random(in: 0...70, using: &generator) : .random(in: 0...200, using: &generator)
        )
        await kill()
        let now = SystemTime.machine.boot().milliseconds
        guard let glance = watch.glance() else { return }
        let carriers = channels.map(\.carrier)
        let rows = glance.rows.filter { carriers.contains($0.carrier) && !dead.contains($0.instance) }
        tally.count(
            rows.map { row in
                if row.isClaimed { return .claimed }
                switch record.standing(of: row.key, since: now - 4000) {
                case .unknown: return .begun
                case .held: return .handedOver
                case .answered: return .settled
                }
            }
        )
        watch.lost(rows.filter(\.isClaimed), at: now, by: act.name)
        if isDeadly {
            dead.formUnion(rows.map(\.instance))
            tally.workerDeaths += channels.count
        }
    }

    /// Waits until the gateways hold enough, but not for ever.
    func waitForFlight(_ channels: Set<Cast.Channel>) async {
        for _ in 0..<300 {
            if channels.reduce(0, { $0 + record.held(by: $1.rawValue) }) >= StormTerms.inFlight { return }
            await rest(milliseconds: 10)
        }
    }
}
