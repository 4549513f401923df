import AuthEvents
package import Deliveries
package import Store
package import TestSupport

/// A store under test, and what moves around it.
package protocol StoreLab: Sendable {
    /// Opened with ``StoreBehaviour/routing`` and ``time``, empty at first.
    var store: any PostOfficeStore { get }
    var time: ManualTime { get }

    /// Closes the store and opens the same one again, as a restart of the server does.
    func reopen() async throws

    /// Looks, in the engine's own way, for what no sentence of the protocols names: rows that belong to nothing, counts
    /// in memory that the file does not have. Called at the end of each behaviour.
    func audit() async throws
}

extension StoreBehaviour {
    /// Mail has a second gateway, SMS has not.
    package static let routing = RoutingTable(gateways: [
        GatewayTerms(name: "mail-main", channel: .email, kind: "smtp", timeout: .seconds(30)),
        GatewayTerms(name: "mail-backup", channel: .email, kind: "smtp", timeout: .seconds(30)),
        GatewayTerms(
            name: "sms-main",
            channel: .sms,
            kind: "sandbox",
            timeout: .seconds(10),
            receiptWait: .seconds(120)
        ),
    ])
}
