/// What a signature is made over: pieces of the request and the text between them.
///
/// Written as `{{timestamp}}.{{body}}`.
package struct SignedText: Sendable, Equatable {
    package enum Part: Sendable, Equatable {
        case text(String)
        case id, timestamp, url, body
    }

    package let parts: [Part]

    package init(_ parts: [Part]) { self.parts = parts }

    /// Returns `nil` for a name that is not known, for braces that are not closed, and where neither the body nor the URL is
    /// in it: such a signature would say nothing of the receipt.
    package init?(_ source: String) {
        var parts: [Part] = []
        var rest = source[...]
        while let open = rest.firstRange(of: "{{") {
            if open.lowerBound > rest.startIndex { parts.append(.text(String(rest[..<open.lowerBound]))) }
            guard let close = rest[open.upperBound...].firstRange(of: "}}"),
                let part = SignedText.names[String(rest[open.upperBound..<close.lowerBound])]
            else { return nil }
            parts.append(part)
            rest = rest[close.upperBound...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        guard parts.contains(.body) || parts.contains(.url) else { return nil }
        self.parts = parts
    }

    private static let names: [String: Part] = ["id": .id, "timestamp": .timestamp, "url": .url, "body": .body]
}
