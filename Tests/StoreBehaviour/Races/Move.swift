import AuthEvents
import Clocks
import Deliveries
import Store

/// One step of an actor: one call of the store, or of what moves it.
enum Move: Sendable {
    /// Claims one delivery; with a name, as a new process of the carrier of that name.
    case claim(as: String? = nil)
    /// Begins what it holds, for so many cents.
    case begin(Int64 = 1)
    case settle(Outcome, bill: Int64? = nil)
    case free
    /// Lets time pass on both clocks.
    case pass(Int64)
    /// Sets the wall clock by so many seconds, while no time passes.
    case setWall(Int64)
    /// One look of housekeeping.
    case sweep
    /// Cancels the first delivery, or the newest.
    case cancel(newest: Bool = false)
    case verify(String)
    /// A receipt for what a carrier has begun.
    case receive(ReceiptState, of: String, bill: Int64? = nil)
    /// The same event for the same person once more.
    case resend
    case beginReplay
    /// Reads what has failed, to be sent again by the next ``sendReplay``.
    case readFailed
    case sendReplay
    case hold(Hold.Scope, String)
    case unhold
    case pause(Channel)
    case resume(Channel)
    case suppress
    /// Starts the server anew with this budget, in cents.
    case limit(Int64)
    case kill
}

extension Move: CustomStringConvertible {
    var description: String {
        switch self {
        case .claim(let name): name.map { "claim as a new \($0)" } ?? "claim"
        case .begin(let cents): cents == 1 ? "begin" : "begin for \(cents) cents"
        case .settle(let outcome, let bill): "settle \(outcome.name)" + (bill.map { ", \($0) cents" } ?? "")
        case .free: "free"
        case .pass(let milliseconds): "\(milliseconds) ms pass"
        case .setWall(let seconds): "wall clock set by \(seconds) s"
        case .sweep: "sweep"
        case .cancel(let isNewest): isNewest ? "cancel the newest" : "cancel"
        case .verify(let code): "verify \(code)"
        case .receive(let state, let carrier, let bill):
            "receipt \(state.name) for \(carrier)" + (bill.map { ", \($0) cents" } ?? "")
        case .resend: "resend"
        case .beginReplay: "begin a replay"
        case .readFailed: "read what failed"
        case .sendReplay: "send the replay"
        case .hold(let scope, let value): "hold \(scope.rawValue) \(value)"
        case .unhold: "end the hold"
        case .pause(let channel): "pause \(channel.name)"
        case .resume(let channel): "resume \(channel.name)"
        case .suppress: "suppress"
        case .limit(let cents): "budget of \(cents) cents"
        case .kill: "kill the server"
        }
    }
}

/// A step with whose it is.
struct Cue: Sendable {
    var actor: String
    var move: Move

    init(_ actor: String, _ move: Move) {
        (self.actor, self.move) = (actor, move)
    }
}

/// Takes steps in this order, at any time.
struct Actor: Sendable {
    var name: String
    var moves: [Move]

    init(_ name: String, _ moves: Move...) {
        (self.name, self.moves) = (name, moves)
    }
}

/// What an actor was answered.
enum Answer: Equatable, Sendable {
    /// There was nothing to ask.
    case nothing
    case done
    case claimed(DeliveryID, fence: Int64)
    case begun(String)
    case settled(String)
    case cancelled(Bool?)
    case verified(String)
    case received(String)
    case accepted(DeliveryID)
    case replayed(made: Int64, skipped: [String: Int64])
}

/// What happened in one step.
struct Step: Sendable {
    var cue: Cue
    var answer: Answer
    /// The claim that was shown, as it was before.
    var hand: Hand?
    /// The delivery that was named.
    var subject: DeliveryID?
}

extension Step: CustomStringConvertible {
    var description: String {
        let text =
            switch answer {
            case .nothing: "-"
            case .done: ""
            case .claimed(_, let fence): "fence \(fence % 1000)"
            case .begun(let word), .settled(let word), .verified(let word), .received(let word): word
            case .cancelled(let isDone): isDone.map { "\($0)" } ?? "nil"
            case .accepted: "accepted"
            case .replayed(let made, let skipped): "\(made) made, skipped \(skipped)"
            }
        return "\(cue.actor): \(cue.move)" + (text.isEmpty ? "" : " -> \(text)")
    }
}

/// A claim, in the hands of the carrier that it was handed to.
struct Hand: Sendable {
    var claimed: ClaimedDelivery
    var carrier: String
    var instance: String
    /// Until when nobody else may have the delivery.
    var lease: BootInstant
    /// The number of the attempt that was begun.
    var attempt: Int64?
    /// Whether the carrier still has it, by what it was told.
    var isHeld = true

    var delivery: DeliveryID { claimed.token.delivery }
    var fence: Int64 { claimed.token.fence }

    func isLive(at boot: BootInstant) -> Bool { isHeld && boot < lease }
}
