package import Deliveries
package import Limits

/// A gateway as the settings describe it.
package struct GatewaySettings: Sendable {
    package enum Encryption: String, Sendable, CaseIterable { case required, opportunistic, none }

    package var terms: GatewayTerms
    /// A mail server's; one behind an HTTP API has it in ``http``.
    package var url: String
    /// `nil` is no limit.
    package var rate: Rate?
    package var connections: Int
    package var encryption: Encryption
    package var account: String?
    package var secret: SecretSource?
    /// Certificates that are trusted beside the system's.
    package var caFile: String?
    /// How requests and answers look: the kind `http` and the presets.
    package var http: HTTPDescription?
    /// `nil` where the gateway sends none.
    package var receipts: ReceiptSettings? = nil
}

extension GatewaySettings {
    /// Whether the gateway's server is on this machine.
    package var isOnLoopback: Bool { GatewaySettings.isOnLoopback(url) }

    /// Whether the gateway can be asked what became of a message.
    package var canBeAsked: Bool { terms.kind == "sandbox" || http?.ask != nil }

    /// Whether messages, and the login with them, cross a network that anybody between can read.
    package var isReadableOnTheWay: Bool { http != nil && url.hasPrefix("http://") && !isOnLoopback }

    static func isOnLoopback(_ url: String) -> Bool {
        let rest = url.drop { $0 != "/" }.dropFirst(2)
        return rest.hasPrefix("127.") || rest.hasPrefix("localhost") || rest.hasPrefix("[::1]")
    }
}
