import Clocks
import JSON
import Synchronization
import TestSupport

/// What the application did and was answered, as it would stand in its own books.
final class Journal: Sendable {
    /// An event that was posted.
    struct Entry: Sendable {
        var event: JSONValue
        /// When it was posted first: perhaps it was accepted then, and the answer lost.
        var postedAt: Int64
        /// The newest answer that accepted it.
        var acceptedAt: Int64?
        /// 32 digits each.
        var deliveries: [String] = []
        var isAnswered = false
    }

    /// A code that was verified, with the first answer that said so.
    struct Verification: Sendable {
        var address: String
        var challenge: String
        var code: String
        var at: Int64
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var order: [String] = []
        var challenges: [String: String] = [:]
        var verifications: [Verification] = []
        var cancelled: [String: Int64] = [:]
        var asked: Set<String> = []
        var guessed: Set<String> = []
        var mistyped: Set<String> = []
        var typed: Set<String> = []
        var greedy: Set<String> = []
        var faults: [String] = []
        var refusals: [String: Int] = [:]
        var isOver = false
    }

    private let state = Mutex(State())

    var isOver: Bool { state.withLock { $0.isOver } }
    func end() { state.withLock { $0.isOver = true } }

    var entries: [String: Entry] { state.withLock { $0.entries } }
    func entry(_ id: String) -> Entry? { state.withLock { $0.entries[id] } }
    var verifications: [Verification] { state.withLock { $0.verifications } }
    /// When each delivery's end was confirmed to whom had asked for it.
    var cancelled: [String: Int64] { state.withLock { $0.cancelled } }
    /// Deliveries whose end was asked for, whatever came of it.
    var asked: Set<String> { state.withLock { $0.asked } }
    /// Challenges whose tries were used up with wrong codes, as far as anybody was told.
    var guessed: Set<String> { state.withLock { $0.guessed } }
    /// Challenges for which a code was typed that may have been another's.
    var mistyped: Set<String> { state.withLock { $0.mistyped } }
    /// Challenges for which a code was typed in that was right, whatever came of it.
    var typed: Set<String> { state.withLock { $0.typed } }
    /// Addresses that were sent far more than one person gets.
    var greedy: Set<String> { state.withLock { $0.greedy } }
    /// What an answer alone showed to be wrong.
    var faults: [String] { state.withLock { $0.faults } }
    /// How often each problem was answered.
    var refusals: [String: Int] { state.withLock { $0.refusals } }

    func fault(_ sentence: String) { state.withLock { $0.faults.append(sentence) } }

    /// Before it is posted: an event whose answer is lost is known all the same.
    func posting(_ id: String, _ event: JSONValue) {
        let now = SystemTime.machine.boot().milliseconds
        state.withLock { state in
            guard state.entries[id] == nil else { return }
            state.entries[id] = Entry(event: event, postedAt: now)
            state.order.append(id)
        }
    }

    func answered(_ id: String, _ event: JSONValue, _ answer: Post.Answer) {
        let now = SystemTime.machine.boot().milliseconds
        state.withLock { state in
            guard answer.status == 202 || answer.status == 200 else {
                // Of what may come again later nothing is known yet.
                if answer.status != 0, answer.status != 503 { state.entries[id]?.isAnswered = true }
                state.refusals[answer.problem.isEmpty ? "\(answer.status)" : answer.problem, default: 0] += 1
                return
            }
            let deliveries = answer.body["deliveries"]?.array ?? []
            state.entries[id]?.isAnswered = true
            state.entries[id]?.acceptedAt = now
            state.entries[id]?.deliveries = deliveries.compactMap { $0["id"]?.string.map { String($0.suffix(32)) } }
            for delivery in deliveries {
                let address = event["data"]?[delivery["channel"] == "sms" ? "phone" : "email"]?.string
                if let address { state.challenges[address] = delivery["challenge"]?["id"]?.string }
            }
        }
    }

    /// One of the newest accepted events.
    func recent(using generator: inout SeededGenerator) -> (id: String, entry: Entry)? {
        state.withLock { state in
            guard let id = state.order.suffix(200).randomElement(using: &generator), let entry = state.entries[id],
                entry.acceptedAt != nil
            else { return nil }
            return (id, entry)
        }
    }

    func challenge(of address: String) -> String? { state.withLock { $0.challenges[address] } }

    func verified(_ verification: Verification) { state.withLock { $0.verifications.append(verification) } }

    func asks(toCancel delivery: String) { state.withLock { _ = $0.asked.insert(delivery) } }
    func guesses(_ challenge: String) { state.withLock { _ = $0.guessed.insert(challenge) } }
    func mistypes(_ challenge: String) { state.withLock { _ = $0.mistyped.insert(challenge) } }
    func types(_ challenge: String) { state.withLock { _ = $0.typed.insert(challenge) } }

    func cancelled(_ delivery: String) {
        let now = SystemTime.machine.boot().milliseconds
        state.withLock { $0.cancelled[delivery] = now }
    }

    func isGreedy(_ address: String) { state.withLock { _ = $0.greedy.insert(address) } }
}
