/// The host that a request is for, as `Host` names it (RFC 9110, section 7.2).
struct Authority: Equatable {
    /// A name, an IPv4 address, or an IPv6 address in brackets, as it was written; empty where nothing is named.
    let name: Substring

    /// Reads `NAME`, `NAME:PORT`, `[IPV6]` or `[IPV6]:PORT`; `nil` for anything else.
    init?(_ text: Substring) {
        let end: Substring.Index
        if text.first == "[" {
            guard let bracket = text.firstIndex(of: "]"), bracket != text.index(after: text.startIndex),
                text[..<bracket].dropFirst().allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." })
            else { return nil }
            end = text.index(after: bracket)
        } else {
            end = text.firstIndex(of: ":") ?? text.endIndex
            guard text[..<end].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }) else {
                return nil
            }
        }
        guard end == text.endIndex || text[end] == ":" && Self.isPort(text[end...].dropFirst()) else { return nil }
        name = text[..<end]
    }

    /// Empty, or a number of at most five digits.
    private static func isPort(_ text: Substring) -> Bool {
        text.utf8.count <= 5 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
