import Clocks
package import Cryptography
import Deliveries
package import Receipts

/// How a gateway's receipts are read, and with which secret they are checked.
package struct ReceiptSettings: Sendable {
    package var description: ReceiptDescription
    /// `nil` where the gateway signs with a key whose other half the settings have.
    package var secret: SecretSource?
}

extension GatewaySettings {
    /// How long the receipt of a message that was taken is waited for.
    private static let standardTimeout: Duration = .seconds(86_400)
    /// How long an unknown outcome waits for one.
    private static let standardWait: Duration = .seconds(120)

    /// Reads `receipts` and `receipt_secret`, and what waits for receipts.
    ///
    /// A kind that comes with a description has receipts as soon as it has a secret for them.
    mutating func readReceipts(_ entry: SettingsSection, publicURL: String?) throws(SettingsError) {
        let secret = try entry.secret("receipt_secret")
        let section = try entry.section("receipts")
        let kind = terms.kind
        guard !section.names.isEmpty || secret != nil else {
            terms.receiptWait = try entry.wait() ?? .zero
            return
        }
        let name = try section.string("like") ?? kind
        let preset = ReceiptDescription.presets[name]
        guard preset != nil || name == kind else {
            let names = ReceiptDescription.presets.keys.sorted().joined(separator: ", ")
            throw section.error("like", "must be one of \(names)")
        }
        guard preset != nil || !section.names.isEmpty else {
            throw entry.error("receipts", "is required: receipt_secret says what receipts are checked with, not how")
        }
        let layers = try DescriptionLayers(section, preset: preset, named: name)
        let description = try ReceiptDescription(layers, gatewayAccount: account)
        let authentication = description.authentication
        guard authentication.needsSecret == (secret != nil) else {
            throw entry.error(
                "receipt_secret",
                secret == nil
                    ? "is required: what receipts are checked with"
                    : "must be left out: these receipts are checked with public_key"
            )
        }
        guard publicURL != nil || !authentication.needsAddress else {
            throw entry.error("receipts", "need server.public_url: their signature is over the URL they come to")
        }
        let bounds: ClosedRange<Duration> = .seconds(60)...(.seconds(7 * 86_400))
        terms.receiptTimeout = try entry.duration("receipt_timeout", default: Self.standardTimeout, in: bounds)
        terms.receiptWait = try entry.wait() ?? (publicURL == nil ? .zero : Self.standardWait)
        receipts = ReceiptSettings(description: description, secret: secret)
    }
}

extension Settings {
    /// Finds what a gateway's receipts are checked with; only the server asks.
    package func receiptSecret(
        of gateway: GatewaySettings,
        environment: [String: String]
    ) throws(SettingsError) -> SecretKey? {
        guard let receipts = gateway.receipts, let source = receipts.secret else { return nil }
        let key = "gateways.\(gateway.terms.name).receipt_secret"
        let text = try resolve(source, of: key, environment: environment)
        if let secret = SecretKey(receiptSecret: text, for: receipts.description.authentication) { return secret }
        let reason = "must not be empty, and behind whsec_ it must be base64"
        throw SettingsError(file: file, line: nil, key: key, reason: reason)
    }
}

extension SettingsSection {
    fileprivate func wait() throws(SettingsError) -> Duration? {
        try duration("receipt_wait", in: .zero...(.seconds(86_400)))
    }
}
