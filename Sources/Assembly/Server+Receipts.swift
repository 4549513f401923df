import API
import Clocks
import Configuration
import Deliveries
import Receipts
import Synchronization

extension Settings {
    /// Readers of all gateways that send receipts, with the secrets that the server alone resolves.
    func receiptDesk(
        environment: [String: String],
        time: any TimeSource,
        log: Log
    ) throws(SettingsError) -> ReceiptDesk {
        var readers: [String: ReceiptReader] = [:]
        for gateway in gateways {
            guard let receipts = gateway.receipts else { continue }
            let secret = try receiptSecret(of: gateway, environment: environment)
            readers[gateway.terms.name] = ReceiptReader(receipts.description, secret: secret)
        }
        let notes = ReceiptNotes(time: time, log: log)
        return ReceiptDesk(readers: readers, publicURL: server.publicURL, note: { notes.take($0, $1) })
    }

    /// What `Host` may be: what the settings name, and the host of the public address.
    var servedHosts: [String] {
        guard let rest = server.publicURL?.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first
        else { return server.hosts }
        let host = rest.hasPrefix("[") ? rest.prefix { $0 != "]" } + "]" : rest.prefix { $0 != ":" }
        return server.hosts + [String(host)]
    }
}

/// Says in the log which receipts came to nothing: the first at once, then at most once a minute with their number.
final class ReceiptNotes: Sendable {
    private struct Line: Hashable {
        var gateway: String
        var fate: ReceiptFate
    }

    private struct Count {
        var unsaid = 0
        var saidAt: BootInstant?
    }

    private static let pause: Duration = .seconds(60)

    private let time: any TimeSource
    private let log: Log
    private let counts = Mutex<[Line: Count]>([:])

    init(time: any TimeSource, log: Log) { (self.time, self.log) = (time, log) }

    func take(_ gateway: String, _ fate: ReceiptFate) {
        guard let words = fate.complaint else { return }
        let now = time.boot()
        let number = counts.withLock { counts -> Int? in
            var count = counts[Line(gateway: gateway, fate: fate)] ?? Count()
            defer { counts[Line(gateway: gateway, fate: fate)] = count }
            count.unsaid += 1
            if let last = count.saidAt, now < last + ReceiptNotes.pause { return nil }
            defer { count = Count(unsaid: 0, saidAt: now) }
            return count.unsaid
        }
        guard let number else { return }
        log(.warning, "Receipts at the gateway \(gateway) came to nothing (\(number)): \(words)")
    }
}

extension ReceiptFate {
    /// What an operator may have to put right.
    fileprivate var complaint: String? {
        switch self {
        case .applied, .recorded, .known: nil
        case .notOurs: "they name messages that are not known here."
        case .noAttempt: "their address names no attempt at this gateway, or not the one that they are for."
        case .ignored: "they tell no state, or a word that is in no list of the gateway's receipts."
        case .notAuthentic: "they are not signed as the gateway's receipts; check receipt_secret and server.public_url."
        case .stale: "they were signed too long ago, or in the future; check the clock."
        case .otherAccount: "they are for another account than the gateway's."
        case .unreadable: "they are neither JSON nor a form, or name something twice."
        }
    }
}
