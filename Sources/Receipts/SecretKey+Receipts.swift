package import Cryptography

extension SecretKey {
    /// Takes the secret as the settings give it.
    ///
    /// One for HMAC that begins with `whsec_` is base64 behind it (standardwebhooks.com). `nil` for one that is empty, or
    /// not base64 there.
    package convenience init?(receiptSecret text: String, for authentication: ReceiptAuthentication) {
        if case .hmac = authentication, text.hasPrefix("whsec_") {
            let letters = [UInt8](text.utf8.dropFirst(6))
            // Why it is none is told by whoever knows the key of the settings.
            do { try self.init(base64: letters.span) } catch { return nil }
            return
        }
        guard !text.isEmpty else { return nil }
        self.init(copying: [UInt8](text.utf8).span)
    }
}
