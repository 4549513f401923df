import AuthEvents
import Challenges
import Clocks
import Deliveries
import Limits
import Spend
import Store
import TestSupport

/// Who takes part in the storm. Everything is paid in dollars, and in euros in France.
extension BudgetStorm {
    private static let steps = 20

    /// Accepts letters, and answers some of them.
    func submit(_ generator: SeededGenerator) async throws {
        var dice = generator
        for _ in 1...BudgetStorm.steps {
            let letter = letter(&dice)
            let submission = scene.stationery.submission(letter, at: scene.time.now())
            switch try await scene.store.accept(submission) {
            case .accepted(let event): tally.note { $0.accepted += event.deliveries }
            case .refused: tally.note { $0.refused += 1 }
            case .duplicate, .conflict, .invalid: throw Surprise("a new letter was known")
            }
            guard dice.rolls(25), let delivery = tally.now.accepted.randomElement(using: &dice) else { continue }
            guard let challenge = delivery.challengeID else { continue }
            _ = try await scene.verify(challenge, dice.rolls(50) ? "1" : "wrong")
        }
    }

    private func letter(_ dice: inout SeededGenerator) -> Letter {
        let country = ["US", "GB", "FR"].randomElement(using: &dice) ?? "US"
        let currency = country == "FR" ? "EUR" : "USD"
        let purpose = [Purpose.recovery, .mfa, .invitation].randomElement(using: &dice) ?? .mfa
        // Few persons, so that some letters take the place of earlier ones.
        let person = "person-\(Int.random(in: 1...40, using: &dice))"
        var letter = dice.rolls(20) ? scene.party(person) : Letter(to: person, purpose, by: .sms)
        letter.country = country
        letter.tenant = TenantName(["default", "acme", "other"].randomElement(using: &dice) ?? "") ?? .default
        letter.life = .seconds([100, 600, 86_400].randomElement(using: &dice) ?? 600)
        letter.prices = [Letter.Price("sms-main", .cents(Int64.random(in: 1...4, using: &dice), currency))]
        if dice.rolls(60) {
            letter.prices.append(Letter.Price("sms-backup", .cents(Int64.random(in: 1...5, using: &dice), currency)))
        }
        if dice.rolls(10) { letter.proves = false }
        if dice.rolls(20) { letter.brought = "brought" }
        // Wide enough to refuse little: the audit sees what is given back, and what is not.
        return letter.limited(by: Slot("storm", at: "\(letter.tenant)", "100/1m"))
    }

    /// Claims and sends, dies now and then, and comes back under the same name.
    func carry(_ name: String, _ round: String, _ generator: SeededGenerator) async throws {
        var dice = generator
        var lives = 1
        for _ in 1...BudgetStorm.steps {
            let gateways = [Scene.bothSMS, ["sms-main"], ["sms-backup"]].randomElement(using: &dice) ?? []
            let limit = Int.random(in: 1...3, using: &dice)
            let claims = try await scene.claim(limit, at: gateways, by: name, "\(round), life \(lives)")
            for claimed in claims {
                switch Int.random(in: 0..<100, using: &dice) {
                case ..<8: lives += 1
                case ..<14: try await scene.settle(claimed, .released)
                case ..<16: _ = try await scene.store.begin([BeginItem(token: claimed.token, spend: .mismatch)])
                default:
                    if try await !send(claimed, &dice) { lives += 1 }
                }
            }
            if dice.rolls(30) { try await settleLate(&dice) }
        }
    }

    /// Returns whether the carrier lives on.
    private func send(_ claimed: ClaimedDelivery, _ dice: inout SeededGenerator) async throws -> Bool {
        // As the gateway would have it, which may be more or less than was reserved.
        let amount = Money.cents(Int64.random(in: 1...6, using: &dice), claimed.country == "FR" ? "EUR" : "USD")
        let answer = try await scene.begin(claimed, for: amount)
        tally.note { $0.answers[answer, default: 0] += 1 }
        guard answer == .go else { return true }
        tally.note { contents in
            _ = contents.begun[claimed.token.delivery, default: []].insert(claimed.token.fence)
        }
        if dice.rolls(10) { _ = try await scene.begin(claimed, for: amount) }
        guard !dice.rolls(20) else {
            tally.note { $0.lost.append(claimed) }
            return false
        }
        let settlement = settlement(of: claimed, &dice)
        _ = try await scene.store.settle([settlement])
        if dice.rolls(10) { _ = try await scene.store.settle([settlement]) }
        if dice.rolls(10) { tally.note { $0.lost.append(claimed) } }
        return true
    }

    private func settlement(of claimed: ClaimedDelivery, _ dice: inout SeededGenerator) -> Settlement {
        let currency = claimed.country == "FR" && dice.rolls(90) ? "EUR" : "USD"
        return Settlement(
            token: claimed.token,
            outcome: Outcome.allCases.randomElement(using: &dice) ?? .unknown,
            price: dice.rolls(25) ? .cents(Int64.random(in: 0...8, using: &dice), currency) : nil
        )
    }

    private func settleLate(_ dice: inout SeededGenerator) async throws {
        let count = tally.now.lost.count
        guard count > 0 else { return }
        let index = Int.random(in: 0..<count, using: &dice)
        let lost = tally.note { $0.lost.indices.contains(index) ? $0.lost.remove(at: index) : nil }
        guard let lost else { return }
        let settlement = settlement(of: lost, &dice)
        for answer in try await scene.store.settle([settlement]) {
            tally.note { $0.late[answer, default: 0] += 1 }
        }
    }

    /// Moves the clocks, mostly by little, at times to the next hour or day, and sweeps.
    func passTime(_ generator: SeededGenerator) async throws {
        var dice = generator
        for _ in 1...(2 * BudgetStorm.steps) {
            let now = scene.time.now()
            let hour = Budget.Period.hour.bounds(around: now).end - now
            let day = Budget.Period.day.bounds(around: now).end - now
            switch Int.random(in: 0..<100, using: &dice) {
            case ..<50: scene.time.pass(.seconds(1))
            case ..<70: scene.time.pass(.seconds(5))
            case ..<80: scene.time.pass(.seconds(15))
            case ..<90: scene.time.pass(.seconds(120))
            case ..<98: scene.time.pass(hour)
            default: scene.time.pass(day)
            }
            for _ in 1...3 { _ = try await scene.store.sweep() }
        }
    }
}

extension SeededGenerator {
    /// Whether something happens that does so often in a hundred times.
    fileprivate mutating func rolls(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}
