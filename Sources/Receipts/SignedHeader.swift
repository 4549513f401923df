import Cryptography

/// A signature in a field of the request, over a text that is made of the request.
package struct SignedHeader: Sendable {
    package enum Encoding: String, Sendable, CaseIterable { case hex, base64 }

    /// The field with the signature.
    package var name: String
    /// The field with the seconds since 1970 at which it was made.
    package var timestampName: String?
    /// The field with the message's own id.
    package var idName: String?
    package var encoding: Encoding
    /// What stands before the signature, such as `sha256=`.
    ///
    /// One that begins otherwise is passed over.
    package var prefix: String
    package var signed: SignedText

    package init(
        name: String,
        timestampName: String? = nil,
        idName: String? = nil,
        encoding: Encoding = .hex,
        prefix: String = "",
        signed: SignedText
    ) {
        (self.name, self.timestampName, self.idName) = (name, timestampName, idName)
        (self.encoding, self.prefix, self.signed) = (encoding, prefix, signed)
    }

    /// The most signatures that are looked at, with blanks between them while a secret is replaced.
    private static let most = 8

    func check(
        _ request: ReceiptRequest,
        _ freshness: Freshness,
        isSignature: (_ signature: [UInt8], _ message: [UInt8]) -> Bool
    ) throws(ReceiptRefusal) -> Coverage {
        let field = try request.single(name)
        let timestamp: String? = if let timestampName { try request.single(timestampName) } else { nil }
        let id: String? = if let idName { try request.single(idName) } else { nil }
        var message: [UInt8] = []
        var coverage: Coverage = []
        for part in signed.parts {
            switch part {
            case .text(let text): message += text.utf8
            case .id: message += (id ?? "").utf8
            case .timestamp: message += (timestamp ?? "").utf8
            case .body:
                message += request.body
                coverage.insert(.body)
            case .url:
                guard let url = request.url else { throw .notAuthentic }
                message += url.utf8
                coverage.insert(.address)
            }
        }
        let signatures = field.split(separator: " ").prefix(SignedHeader.most).compactMap { bytes(of: $0) }
        guard signatures.contains(where: { isSignature($0, message) }) else { throw .notAuthentic }
        if let timestamp {
            guard timestamp.utf8.count <= 12, timestamp.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let seconds = Int64(timestamp)
            else { throw .notAuthentic }
            try freshness.check(seconds)
        }
        return coverage
    }

    private func bytes(of text: Substring) -> [UInt8]? {
        guard text.hasPrefix(prefix) else { return nil }
        let signature = String(text.dropFirst(prefix.count))
        return switch encoding {
        case .hex: [UInt8](hex: signature)
        case .base64: [UInt8](base64: signature)
        }
    }
}
