import Clocks
import Synchronization

/// What the gateways took, in their own words: the truth that everything else is held against.
final class GatewayRecord: Sendable {
    struct Take: Sendable {
        var gateway: String
        /// 32 digits: of an SMS its attempt's id, of a mail its delivery's.
        var key: String
        var to: String
        var code: String
        /// When it was taken: by CLOCK_BOOTTIME, and by the wall clock of the programs.
        var boot: Int64
        var wall: Int64
        /// When its first words came, or the connection that was made for it, by the wall clock of the programs.
        var begun: Int64

        var isMail: Bool { gateway.hasPrefix("mail") }
    }

    private struct State {
        var takes: [Take] = []
        /// By which gateway, and since when.
        var held: [String: (gateway: String, since: Int64)] = [:]
        var answered: [String: Int64] = [:]
        var oddities = 0
        var listener: (@Sendable (Take) -> Void)?
    }

    private let state = Mutex(State())

    var takes: [Take] { state.withLock { $0.takes } }

    /// Gets what is taken from now on.
    func listen(_ listener: @escaping @Sendable (Take) -> Void) { state.withLock { $0.listener = listener } }

    /// A whole message has arrived.
    func arrived(_ key: String, at gateway: String) {
        let now = SystemTime.machine.boot().milliseconds
        state.withLock { $0.held[key] = (gateway, now) }
    }

    func took(_ take: Take) {
        let listener = state.withLock { state in
            state.takes.append(take)
            return state.listener
        }
        listener?(take)
    }

    /// Messages that got no answer in time: what became of them nobody could know.
    var oddities: Int { state.withLock { $0.oddities } }

    /// The answer is about to go out, or the connection to be closed; on a busy machine perhaps too late.
    func answered(_ key: String, isOdd: Bool) {
        let now = SystemTime.machine.boot().milliseconds
        state.withLock { state in
            let isLate = state.held[key].map { now - $0.since > StormTerms.gatewayTimeout / 2 } ?? false
            state.held[key] = nil
            state.answered[key] = now
            if isOdd || isLate { state.oddities += 1 }
        }
    }

    /// How many messages wait for the answer of gateways of a channel.
    func held(by channel: String) -> Int { state.withLock { $0.held.values.count { $0.gateway.hasPrefix(channel) } } }

    enum Standing { case unknown, held, answered }

    /// What the gateways have of a message now; answers of long ago are of an earlier attempt.
    func standing(of key: String, since boot: Int64) -> Standing {
        state.withLock { state in
            if state.held[key] != nil { return .held }
            return (state.answered[key] ?? 0) >= boot ? .answered : .unknown
        }
    }
}
