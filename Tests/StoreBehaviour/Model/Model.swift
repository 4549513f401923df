import AuthEvents
import Clocks
import Deliveries
import Limits
import Spend
import Store
import Synchronization
import TestSupport

/// What must be visible of a store, step by step, told by the contract and the protocols alone.
///
/// It is a value: a backup of it is a copy. Where a store is free (which of several it hands out, how long it backs off, when
/// before the next look of housekeeping it notices that time has passed) the model takes over what it sees, if that is allowed.
struct Model: Sendable {
    var now: Instant
    let terms: ModelTerms
    /// Of the one budget there is.
    var limit: Int64
    var deliveries: [DeliveryID: ModelDelivery] = [:]
    /// In the order in which they were made.
    var order: [DeliveryID] = []
    var challenges: [ChallengeID: ModelChallenge] = [:]
    var challengeOrder: [ChallengeID] = []
    var events: [String: ModelEvent] = [:]
    var buckets: [[UInt8]: ModelBucket] = [:]
    var tries: [String: ModelBucket] = [:]
    var sends: [String: (count: Int, last: Instant)] = [:]
    var pauses: Set<Channel> = []
    var holds: [String: Hold] = [:]
    var suppressions: [String: SuppressionID] = [:]
    var gateways: [String: GatewayHealth] = [:]
    /// Of carriers.
    var deaths: [ModelDeath] = []
    /// The highest that was handed out in this life.
    var fence: Int64 = 0
    /// How often it was restored.
    var life = 0
    /// What was found wrong; copies share it.
    let faults = Faults()

    init(now: Instant, terms: ModelTerms) {
        (self.now, self.terms, limit) = (now, terms, terms.limit)
    }

    func expect(_ isTrue: Bool, _ fault: @autoclosure () -> String) {
        if !isTrue { faults.add(fault()) }
    }

    /// Collects what is wrong.
    final class Faults: Sendable {
        private let found = Mutex<[String]>([])

        var all: [String] { found.withLock { $0 } }

        func add(_ fault: String) { found.withLock { $0.append(fault) } }
    }
}

/// What a walk's store is opened with.
struct ModelTerms: Sendable {
    /// What no receipt and no report came for is sent again, SMS and notices too.
    var sendsAgain: Bool
    var limit: Int64 = 120_000
    let attempts: Int64 = 2
    let backoff: Duration = .seconds(60)

    func lease(of channel: Channel) -> Duration { channel == .sms ? .seconds(15) : .seconds(35) }

    /// How long an unknown outcome waits, from the end of the lease.
    func receiptWait(of delivery: ModelDelivery) -> Duration {
        let waits = delivery.letter.purpose != .notice || sendsAgain
        return waits && delivery.channel == .sms ? .seconds(120) : .zero
    }

    func isSentAgain(_ delivery: ModelDelivery) -> Bool {
        sendsAgain || delivery.channel == .email && delivery.letter.purpose != .notice
    }

    let receiptTimeout: Duration = .seconds(3600)
}

struct ModelEvent: Sendable {
    var content: String
    var answer: AcceptedEvent
}

struct ModelChallenge: Sendable {
    var id: ChallengeID
    var key: String
    var session: String?
    /// Of its newest code, from when it was made.
    var life: Duration
    /// When each of its codes expires, the oldest first.
    var codes: [Instant]
    var triesLeft: Int64
    var verifiedAt: Instant?
    /// The idempotency key, and the code that came with it.
    var verifiedBy: (key: String?, code: String) = (nil, "")

    var expiresAt: Instant { codes.last ?? Instant(milliseconds: 0) }

    func state(at now: Instant) -> String {
        if verifiedAt != nil { return "verified" }
        if triesLeft <= 0 { return "locked" }
        return now < expiresAt ? "open" : "expired"
    }
}

struct ModelDelivery: Sendable {
    var id: DeliveryID
    var letter: Letter
    var event: String
    var challenge: ChallengeID?
    /// The number of its code.
    var code: Int64?
    var replay: ReplayID?
    var state = DeliveryState.ready
    var reason: Reason?
    var gateway = ""
    var sendBefore: Instant
    /// When it may be handed out, at the earliest and at the latest.
    var due: ClosedRange<Instant>
    var fence: Int64 = 0
    var lease = Instant(milliseconds: 0)
    var carrier: (number: Int, process: Int)?
    var crashes = 0
    var attempts: [ModelAttempt] = []
    var receipts: [DeliveryReport.Receipt] = []
    /// Micros, and since when.
    var reserved: (amount: Int64, since: Instant)?
    /// When its slots were taken; `nil` once they were given back, or are kept for good.
    var slots: Instant?
    /// Until when an unknown outcome, or one without a receipt, stays as it is.
    var timer: ClosedRange<Instant>?

    var channel: Channel { letter.legs[0].channel }
    var person: String { letter.legs[0].person }
    var place: String { state.name + (reason.map { "(\($0.name))" } ?? "") }
    var isUnsent: Bool { [.ready, .parked, .leased].contains(state) }
    var isSurelyUnsent: Bool { attempts.allSatisfy { $0.isSurelyUnsent } }
    var counted: Int64 { Int64(attempts.count { $0.counts }) }
    /// What is reserved for it when it is accepted, or sent again.
    var price: Int64? { channel == .sms ? letter.prices.map(\.amount.micros).max() : nil }
}

struct ModelAttempt: Sendable {
    var id: AttemptID
    var fence: Int64
    var gateway: String
    var outcome: Outcome?
    /// Whether a receipt, or a report before, says what became of it.
    var isDecided = false
    var counts = false
    /// What was answered to a report.
    var answers: [Outcome: SettleResult] = [:]
    var money: (amount: Int64, isHeld: Bool, since: Instant, bill: Int64?)?
    var isBilledByReceipt = false

    var isSurelyUnsent: Bool { outcome.map { ![.accepted, .unknown].contains($0) } ?? false }
}

/// The generic cell rate algorithm, in milliseconds.
struct ModelBucket: Sendable {
    private var fullAt: Int64 = 0
    private var since: Int64 = 0

    func wait(at now: Instant, _ rate: Rate) -> Int64 {
        let each = rate.period.milliseconds / rate.count
        return max(max(fullAt, now.milliseconds) - now.milliseconds + each - each * rate.count, 0)
    }

    func left(at now: Instant, _ rate: Rate) -> Int64 {
        let each = rate.period.milliseconds / rate.count
        return max(0, (each * rate.count - (max(fullAt, now.milliseconds) - now.milliseconds)) / each)
    }

    mutating func take(at now: Instant, _ rate: Rate) {
        if fullAt <= now.milliseconds { since = now.milliseconds }
        fullAt = max(fullAt, now.milliseconds) + rate.period.milliseconds / rate.count
    }

    /// What time has given back meanwhile is not given back again.
    mutating func giveBack(takenAt then: Instant, _ rate: Rate) {
        if then.milliseconds >= since { fullAt -= rate.period.milliseconds / rate.count }
    }
}
