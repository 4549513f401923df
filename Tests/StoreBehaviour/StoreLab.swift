import AuthEvents
package import Deliveries
package import Store
package import TestSupport

/// A store under test, and what moves around it.
package protocol StoreLab: Sendable {
    /// Opened with ``settings`` and ``time``, empty at first.
    var store: any PostOfficeStore { get }
    /// The usual ones at first.
    var settings: StoreSettings { get }
    var time: ManualTime { get }

    /// Closes the store and opens the same one again, as a restart of the server with these settings does.
    func reopen(with settings: StoreSettings) async throws

    /// Opens the same store again as the kill of a server leaves it that nobody was asking for anything.
    func kill(reopeningWith settings: StoreSettings) async throws

    /// Puts a copy in the place of the store, which is closed for it, and opens that.
    func restore(_ copy: StoreCopy) async throws

    /// Another store with what this one has, and with clocks of its own that stand as these do.
    ///
    /// Nothing may be asked of this one any more but further twins.
    func twin() async throws -> Self

    /// How many buckets of limits it keeps.
    func countOfBuckets() async throws -> Int64

    /// How many refused events it keeps.
    func countOfRefusals() async throws -> Int64

    /// Looks, in the engine's own way, for what no sentence of the protocols names: rows that belong to nothing, counts
    /// in memory that the file does not have, money that is not where the ledger says.
    ///
    /// `accounts`: Where all money is by the ledger.
    func audit(against accounts: LedgerReplay) async throws
}

extension StoreLab {
    package func reopen() async throws { try await reopen(with: settings) }

    /// Looks whether the store is in order; called at the end of each behaviour.
    package func audit() async throws { try await Scene(lab: self).booksBalance() }
}

extension StoreBehaviour {
    /// Mail has a second gateway, SMS has not.
    package static let routing = RoutingTable(gateways: [
        GatewayTerms(name: "mail-main", channel: .email, kind: "smtp", timeout: .seconds(30)),
        GatewayTerms(name: "mail-backup", channel: .email, kind: "smtp", timeout: .seconds(30)),
        sms("sms-main"),
    ])

    package static func sms(_ name: String) -> GatewayTerms {
        GatewayTerms(
            name: name,
            channel: .sms,
            kind: "sandbox",
            timeout: .seconds(10),
            receiptWait: .seconds(120)
        )
    }
}
