/// A language as BCP 47 names it: `en`, `pt-BR`, `zh-Hant-TW`; compared without regard to case (RFC 5646, section 2.1.1).
package struct LanguageTag: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// As it was given.
    package let description: String
    private let folded: String

    package static let english = LanguageTag(unchecked: "en")

    /// A language of 2 to 8 letters, then subtags of 1 to 8 letters and digits; at most 35 bytes.
    package init?(_ text: some StringProtocol) {
        let subtags = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count <= 35, let language = subtags.first, (2...8).contains(language.utf8.count),
            language.utf8.allSatisfy(LanguageTag.isLetter),
            subtags.dropFirst().allSatisfy({ subtag in
                (1...8).contains(subtag.utf8.count)
                    && subtag.utf8.allSatisfy { LanguageTag.isLetter($0) || (0x30...0x39).contains($0) }
            })
        else { return nil }
        self.init(unchecked: String(text))
    }

    init(unchecked text: String) {
        (description, folded) = (text, text.lowercased())
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) }

    package static func == (one: LanguageTag, other: LanguageTag) -> Bool { one.folded == other.folded }

    package static func < (one: LanguageTag, other: LanguageTag) -> Bool { one.folded < other.folded }

    package func hash(into hasher: inout Hasher) { hasher.combine(folded) }

    /// `pt` of `pt-BR`.
    var language: String { String(folded.prefix { $0 != "-" }) }

    /// The tag and what it is cut down to, in the order in which they are looked up (RFC 4647, section 3.4).
    ///
    /// The last subtag is dropped each time, and a single letter or digit, which says something only about the subtags
    /// after it, with them: `zh-Hant-CN-x-private`, `zh-Hant-CN`, `zh-Hant`, `zh`.
    package var lookup: [LanguageTag] {
        var tags = [self]
        var rest = description.utf8[...]
        while let end = rest.lastIndex(of: UInt8(ascii: "-")) {
            rest = rest[..<end]
            if rest.dropLast().last == UInt8(ascii: "-") { rest = rest.dropLast(2) }
            tags.append(LanguageTag(unchecked: String(Substring(rest))))
        }
        return tags
    }
}
