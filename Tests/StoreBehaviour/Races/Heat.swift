import AuthEvents
import Challenges
import Deliveries
import Limits
import Store
import TestSupport

/// One setting of a race: who runs against whom, from where, and who may win.
struct Heat: Sendable {
    /// Somebody who may win, and how one sees it: at the end exactly one has.
    struct Contender: Sendable {
        var name: String
        var hasWon: @Sendable (Finish) -> Bool

        init(_ name: String, _ hasWon: @escaping @Sendable (Finish) -> Bool) {
            (self.name, self.hasWon) = (name, hasWon)
        }
    }

    var name: String
    var letter: Letter
    /// Whether what nobody knows of is sent again.
    var sendsAgain = false
    /// In cents.
    var budget: Int64 = 100
    /// Steps before the race.
    var before: [Cue] = []
    var actors: [Actor]
    /// Steps after the race.
    var after: [Cue] = []
    var contenders: [Contender]
    /// Whether it is run only where there is time.
    var isLong = false

    init(
        _ name: String,
        _ letter: Letter,
        sendsAgain: Bool = false,
        budget: Int64 = 100,
        before: [Cue] = [],
        _ actors: [Actor],
        after: [Cue] = [],
        _ contenders: [Contender],
        isLong: Bool = false
    ) {
        (self.name, self.sendsAgain, self.budget) = (name, sendsAgain, budget)
        (self.before, self.actors, self.after) = (before, actors, after)
        (self.contenders, self.isLong) = (contenders, isLong)
        self.letter = letter.limited(by: Heat.slot)
        if letter.brought == nil { self.letter.brought = "brought" }
    }

    var count: Int { Interleavings.count(of: actors.map(\.moves.count)) }

    /// Of a limit that admits a few, so that it shows how many were given back; time gives none back in a race.
    static let slot = Slot("race", "3/24h")
    static let slots = 3

    static let sms = Letter(to: "bobby", .recovery, by: .sms)
    static let mail = Letter(to: "bobby")

    /// Milliseconds after which an SMS that was begun is unknown, and after which it then is given up or sent again.
    static let lease: Int64 = 15_000
    static let wait: Int64 = 120_000
    /// Milliseconds after which a claim that was not begun goes back, and a mail that was begun is unknown.
    static let claimLease: Int64 = 5000
    static let mailLease: Int64 = 35_000
}

/// How a race has ended.
struct Finish: Sendable {
    let stage: Stage
    let glance: Glance

    /// Where the first delivery is: `dead(expired)`.
    var first: String { glance.deliveries.first?.place ?? "" }
    /// Where the newest is.
    var last: String { glance.deliveries.last?.place ?? "" }
    var isVerified: Bool { glance.challenges.contains { $0.verifiedAt != nil } }

    /// The outcomes of the first delivery's attempts.
    var outcomes: [Outcome?] { glance.deliveries.first?.attempts.map(\.outcome) ?? [] }

    /// Whether somebody was answered so.
    func was(_ actor: String, _ answer: Answer) -> Bool { count(actor, answer) > 0 }

    /// How often somebody was answered so.
    func count(_ actor: String, _ answer: Answer) -> Int {
        stage.steps.count { $0.cue.actor == actor && $0.answer == answer }
    }

    /// Whether a carrier was told to go, and so handed the message over.
    func wentOut(_ actor: String) -> Bool { was(actor, .begun("go")) }

    func wasCancelled(_ actor: String = "operator") -> Bool { was(actor, .cancelled(true)) }
}
