import Cryptography

/// What lets a bearer in: `gp_` and 32 random bytes in base64url, 46 letters in all.
///
/// What is not written so was never made here; it is refused without asking the store.
struct BearerToken: Sendable {
    private static let prefix = "gp_"
    private static let bytes = 32

    let text: String

    static func random() -> BearerToken {
        BearerToken(unchecked: prefix + randomBytes(bytes).base64URL)
    }

    init?(_ text: Substring) {
        // Looked at first, so that a long header costs nothing.
        guard text.utf8.count == 46, text.utf8.starts(with: BearerToken.prefix.utf8),
            let bytes = [UInt8](base64URL: String(text.dropFirst(BearerToken.prefix.count))),
            bytes.count == BearerToken.bytes
        else { return nil }
        self.text = String(text)
    }

    /// `Bearer` and the token (RFC 6750, section 2.1); the scheme's case does not matter (RFC 9110, section 11.1).
    init?(authorization header: String) {
        guard let blank = header.utf8.firstIndex(of: UInt8(ascii: " ")), header[..<blank].lowercased() == "bearer"
        else {
            return nil
        }
        self.init(header[blank...].dropFirst())
    }

    private init(unchecked text: String) {
        self.text = text
    }
}
