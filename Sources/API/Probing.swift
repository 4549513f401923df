import Clocks
import Deliveries
import Store
private import Synchronization

/// Which gateways their carriers are to try, and who waits to hear how it went.
///
/// It is in memory alone and sends nothing. A gateway is tried once at a time: whoever asks meanwhile hears of the same
/// trial.
package final class Probing: Sendable {
    /// A probe that no carrier has taken after so long has none.
    package static let pickupLimit: Duration = .seconds(10)
    /// What one trial may take, whatever the gateway's own `timeout`.
    package static let trialLimit: Duration = .seconds(25)
    /// Whoever waits is answered after so long: pick-up, trial and the way back.
    package static let answerLimit: Duration = .seconds(40)

    fileprivate struct Entry {
        let token: ProbeToken
        var gateway: String
        var carrier: String?
        var takenAt: ContinuousClock.Instant?
        var waiters: [CheckedContinuation<ProbeAnswer, Never>]
        var timer: Task<Void, Never>?
    }

    private struct Board {
        var entries: [String: Entry] = [:]
        var isClosed = false
    }

    private let board = Mutex(Board())

    package init() {}

    /// Has a gateway tried and returns how it went.
    ///
    /// `wake`: Called once the board has the probe, so that a carrier that waits comes for it.
    func probe(_ gateway: String, wake: @Sendable () -> Void) async -> ProbeAnswer {
        let token = ProbeToken()
        return await withCheckedContinuation { continuation in
            let fate = board.withLock { board -> (isOver: Bool, isNew: Bool) in
                if board.isClosed { return (true, false) }
                if let running = board.entries.first(where: { $0.value.gateway == gateway })?.key {
                    board.entries[running]?.waiters.append(continuation)
                    return (false, false)
                }
                board.entries[token.text] = Entry(token: token, gateway: gateway, waiters: [continuation])
                return (false, true)
            }
            if fate.isOver { return continuation.resume(returning: .ending(gateway)) }
            guard fate.isNew else { return }
            let timer = Task {
                // Cancelled means that it has been answered.
                guard (try? await Task.sleep(for: Probing.pickupLimit)) != nil else { return }
                self.giveUp(token, unlessTaken: true)
                guard (try? await Task.sleep(for: Probing.answerLimit - Probing.pickupLimit)) != nil else { return }
                self.giveUp(token, unlessTaken: false)
            }
            let isStillThere = board.withLock { board in
                board.entries[token.text]?.timer = timer
                return board.entries[token.text] != nil
            }
            if !isStillThere { timer.cancel() }
            wake()
        }
    }

    /// Whether a probe waits for a carrier of one of these gateways.
    func hasWork(at gateways: [String]) -> Bool {
        board.withLock { board in
            board.entries.values.contains { $0.takenAt == nil && gateways.contains($0.gateway) }
        }
    }

    /// Whether so many wait to hear of a gateway.
    func isAwaited(by count: Int, at gateway: String) -> Bool {
        board.withLock { board in
            board.entries.values.contains { $0.gateway == gateway && $0.waiters.count >= count }
        }
    }

    /// Gives a carrier what waits at its gateways.
    func take(at gateways: [String], limit: Int, by carrier: String) -> [(token: ProbeToken, gateway: String)] {
        board.withLock { board in
            let waiting = board.entries.filter { $0.value.takenAt == nil && gateways.contains($0.value.gateway) }
            let given = waiting.prefix(limit).map { (token: $0.value.token, gateway: $0.value.gateway) }
            for (token, _) in given {
                board.entries[token.text]?.carrier = carrier
                board.entries[token.text]?.takenAt = .now
            }
            return given
        }
    }

    /// Takes back what could not be given.
    func putBack(_ tokens: [ProbeToken]) {
        board.withLock { board in
            for token in tokens {
                board.entries[token.text]?.carrier = nil
                board.entries[token.text]?.takenAt = nil
            }
        }
    }

    /// Books how a trial went: `applied`, or `stale` where nobody waits any more.
    ///
    /// `gateways`: What the carrier may carry for, `nil` for all.
    func settle(
        _ token: ProbeToken,
        _ outcome: Outcome,
        code: String?,
        detail: String?,
        for gateways: Set<String>?
    ) -> SettleResult {
        let entry = board.withLock { board -> Entry? in
            guard let entry = board.entries[token.text], entry.takenAt != nil,
                gateways?.contains(entry.gateway) ?? true
            else { return nil }
            return board.entries.removeValue(forKey: token.text)
        }
        guard let entry else { return .stale }
        entry.end(
            ProbeAnswer(
                gateway: entry.gateway,
                result: ProbeAnswer.Result(outcome),
                code: code,
                detail: detail.map { GatewayWords.strikingOut($0) },
                carrier: entry.carrier,
                milliseconds: entry.takenAt.map { (ContinuousClock.now - $0).milliseconds }
            )
        )
        return .applied
    }

    /// Answers everybody, now and later: the server ends.
    package func close() {
        let entries = board.withLock { board in
            board.isClosed = true
            defer { board.entries = [:] }
            return Array(board.entries.values)
        }
        for entry in entries { entry.end(.ending(entry.gateway)) }
    }

    private func giveUp(_ token: ProbeToken, unlessTaken: Bool) {
        let entry = board.withLock { board -> Entry? in
            guard let entry = board.entries[token.text], entry.takenAt == nil || !unlessTaken else { return nil }
            return board.entries.removeValue(forKey: token.text)
        }
        if let entry {
            entry.end(entry.carrier == nil ? .untaken(entry.gateway) : .unanswered(entry.gateway, entry.carrier))
        }
    }
}

extension Probing.Entry {
    fileprivate func end(_ answer: ProbeAnswer) {
        timer?.cancel()
        for waiter in waiters { waiter.resume(returning: answer) }
    }
}
