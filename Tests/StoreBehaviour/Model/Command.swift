import AuthEvents
import Deliveries

/// One step of a random walk through a store.
///
/// Whom it is about it says by counting back from the newest, round and round, so that it means something wherever others
/// are left out before it.
enum Command: Sendable, Equatable {
    /// An event as an application may submit it.
    struct Draft: Sendable, Equatable {
        var person = 0
        var channel = Channel.email
        var purpose = Purpose.signUp
        /// Of its code, in seconds.
        var life: Int64 = 7200
        var hasSession = false
        var reopens = false
    }

    case accept([Draft])
    /// An event that came before, as it was or with another content.
    case again(Int, changed: Bool = false)
    /// By the carrier of that number, or by a new process in its place.
    /// With `below` only of what fewer than so many are in hand.
    case claim(carrier: Int, limit: Int, isNew: Bool = false, below: Int? = nil)
    /// `behind`: With the report that this claim was accepted.
    case begin(Int, cents: Int64 = 1, behind: Int? = nil)
    case settle(Int, Outcome, isUnreachable: Bool = false, pause: Int64? = nil, bill: Int64? = nil)
    case free(Int)
    /// Finds that a message cannot be written.
    case refuse(Int)
    case receive(Int, ReceiptState, bill: Int64? = nil)
    /// Milliseconds.
    case pass(Int64)
    case sweep
    case cancel(Int)
    /// The code so many before the newest; one that there is not is wrong. With a number it has that idempotency key.
    case verify(Int, code: Int64, key: Int? = nil)
    case pause(Channel)
    case resume(Channel)
    case hold(Int, seconds: Int64)
    case unhold(Int)
    case suppress(Int, Channel)
    case unsuppress(Int)
    case replay(limit: Int, isDry: Bool = false)
    /// Starts the server anew with this budget, in cents.
    case budget(Int64)
    case reopen
    case kill
    case backUp
    case restore
}

extension Command: CustomStringConvertible {
    var description: String {
        switch self {
        case .accept(let drafts): "accept " + drafts.map(\.description).joined(separator: " and ")
        case .again(let event, let isChanged):
            "submit event -\(event) again" + (isChanged ? ", with another content" : "")
        case .claim(let carrier, let limit, let isNew, let below):
            "claim \(limit) by \(isNew ? "a new " : "")carrier \(carrier)"
                + (below.map { ", of what fewer than \($0) are in hand" } ?? "")
        case .begin(let hand, let cents, let behind):
            "begin claim -\(hand) for \(cents) cents" + (behind.map { ", behind claim -\($0), accepted" } ?? "")
        case .settle(let hand, let outcome, let isUnreachable, let pause, let bill):
            "settle claim -\(hand) \(outcome.name)" + (isUnreachable ? ", unreachable" : "")
                + (pause.map { ", again after \($0) s" } ?? "") + (bill.map { ", bill of \($0) cents" } ?? "")
        case .free(let hand): "free claim -\(hand)"
        case .refuse(let hand): "refuse claim -\(hand)"
        case .receive(let hand, let state, let bill):
            "receipt \(state.name) for claim -\(hand)" + (bill.map { ", bill of \($0) cents" } ?? "")
        case .pass(let milliseconds): "\(milliseconds) ms pass"
        case .sweep: "sweep"
        case .cancel(let delivery): "cancel delivery -\(delivery)"
        case .verify(let challenge, let code, let key):
            "verify challenge -\(challenge) with code -\(code)" + (key.map { ", key \($0)" } ?? "")
        case .pause(let channel): "pause \(channel.name)"
        case .resume(let channel): "resume \(channel.name)"
        case .hold(let kind, let seconds):
            "hold \(Command.holds[kind].scope) \(Command.holds[kind].value) for \(seconds) s"
        case .unhold(let hold): "end hold -\(hold)"
        case .suppress(let person, let channel): "suppress person \(person) by \(channel.name)"
        case .unsuppress(let suppression): "end suppression -\(suppression)"
        case .replay(let limit, let isDry): isDry ? "look at a replay" : "replay at most \(limit)"
        case .budget(let cents): "reopen with a budget of \(cents) cents"
        case .reopen: "reopen"
        case .kill: "kill"
        case .backUp: "back up"
        case .restore: "restore"
        }
    }

    static let holds: [(scope: Hold.Scope, value: String)] = [
        (.tenant, "acme"), (.country, "GB"), (.gateway, "sms-main"), (.gateway, "mail-main"), (.gateway, "mail-backup"),
        (.prefix, "+1202"),
    ]
}

extension Command.Draft: CustomStringConvertible {
    var description: String {
        "\(purpose.name) by \(channel.name) to person \(person) for \(life) s"
            + (hasSession ? " in a session" : "") + (reopens ? ", reopening" : "")
    }
}
