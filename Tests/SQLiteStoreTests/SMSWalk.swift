import AuthEvents
import Challenges
import Clocks
import Deliveries
import Limits
import SQLite
import Spend
import Store
import StoreBehaviour
import Synchronization
import TestSupport

@testable import SQLiteStore

/// What happens to SMS from their acceptance to their bills, one request of the store after the other.
final class SMSWalk: Sendable {
    struct Step: Sendable {
        let name: String
        let run: @Sendable (inout WriterCore) throws(SQLiteError) -> Void
    }

    private struct Contents: Sendable {
        var claimed: [ClaimedDelivery] = []
        var challenges: [ChallengeID] = []
    }

    private let lab: SQLiteLab
    private let stationery = Stationery()
    private let contents = Mutex(Contents())

    init(in lab: SQLiteLab) {
        self.lab = lab
    }

    static let settings: StoreSettings = {
        var settings = StoreSettings(budgets: [.cents(12), .cents(9, "tenant", scope: .tenant, period: .hour)])
        settings.policy = { _, _ in SendingPolicy(attempts: 6, backoff: Backoff(ceiling: .seconds(2))) }
        settings.routing = settings.routing.treating(UnknownPolicy(steps: [.awaitReceipt], end: .sendAgain))
        return settings
    }()

    /// The time that passes before a step is no part of it.
    var steps: [(pass: Duration, step: Step)] {
        let letters = (1...6).map { Letter(to: "person-\($0)", .recovery, by: .sms) }
        let group = Letter(to: "bobby", .mfa, by: .sms).with { letter in
            letter.legs.append(Letter.Leg(person: "bobby", channel: .email))
            letter.isGroup = true
            letter.segments = 4
        }
        let quotes: [BeginItem.Spend] = [3, 1, 0, 1, 4].map { .quote(quote(.cents($0))) } + [.mismatch]
        let outcomes: [Outcome] = [.accepted, .refused, .retry, .unknown]
        return (letters + [group]).map { (.zero, accepting($0)) }
            + [(.zero, claiming), (.zero, beginning(quotes))]
            + outcomes.enumerated().map { (.zero, settling($0, $1, price: $0 == 2 ? nil : .cents(2))) }
            + [(.seconds(15), sweeping), (.seconds(120), sweeping), (.seconds(1), claiming)]
            + [(.zero, settling(3, .released, price: nil)), (.zero, verifying(0)), (.zero, verifying(5))]
            + [(.seconds(86_400), sweeping), (.zero, sweeping)]
    }

    private func quote(_ amount: Money) -> AttemptQuote {
        AttemptQuote(segments: 1, encoding: .gsm7, amount: amount, priceVersion: "prices-2")
    }

    private func accepting(_ letter: Letter) -> Step {
        let submission = stationery.submission(letter, at: lab.time.now())
        contents.withLock { $0.challenges += submission.legs.compactMap(\.proof.challenge?.id) }
        return Step(name: "accept") { core throws(SQLiteError) in
            guard case .accepted = try core.accept(submission) else { throw .damage("a letter was not accepted") }
        }
    }

    private var claiming: Step {
        Step(name: "claim") { [self] core throws(SQLiteError) in
            let gateways = ["mail-main", "sms-main"]
            let request = ClaimRequest(carrier: "c", instance: "one", gateways: gateways, limit: 9)
            let claimed = try core.claim(request).filter { $0.channel == .sms && $0.purpose == .recovery }
            contents.withLock { contents in
                if contents.claimed.isEmpty { contents.claimed = claimed }
            }
        }
    }

    private func beginning(_ spends: [BeginItem.Spend]) -> Step {
        Step(name: "begin") { [self] core throws(SQLiteError) in
            let claimed = contents.withLock { $0.claimed }
            for (claim, spend) in zip(claimed, spends) {
                _ = try core.begin(BeginItem(token: claim.token, spend: spend))
            }
        }
    }

    private func settling(_ index: Int, _ outcome: Outcome, price: Money?) -> Step {
        Step(name: "settle \(outcome)") { [self] core throws(SQLiteError) in
            let claimed = contents.withLock { $0.claimed }
            guard claimed.indices.contains(index) else { throw .damage("nothing was claimed") }
            _ = try core.settle(Settlement(token: claimed[index].token, outcome: outcome, price: price))
        }
    }

    private var sweeping: Step {
        Step(name: "sweep") { core throws(SQLiteError) in while try core.sweep() {} }
    }

    private func verifying(_ index: Int) -> Step {
        Step(name: "verify") { [self] core throws(SQLiteError) in
            let challenges = contents.withLock { $0.challenges }
            let attempt = VerificationAttempt(
                target: .challenge(challenges[index], of: nil),
                session: nil,
                idempotencyKey: nil,
                content: Digest(of: "content"),
                personTries: Rate(count: 15, period: .seconds(3600)),
                challengeTries: { _ in 5 }
            )
            _ = try core.verify(attempt) { stored, _ in .verified(stored[0].challenge.id) }
        }
    }
}
