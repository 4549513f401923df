import Spend

/// A character that is not in GSM-7, and so has the whole SMS sent in UCS-2.
package struct ForcingCharacter: Sendable, Equatable, CustomStringConvertible {
    package let character: Character
    /// Of its first scalar that is not in GSM-7.
    private let scalar: Unicode.Scalar

    /// Returns `nil` for what is in GSM-7.
    package init?(_ character: Character) {
        let outsider = character.unicodeScalars.first { SegmentCount(String($0)).encoding == .ucs2 }
        guard let outsider else { return nil }
        (self.character, scalar) = (character, outsider)
    }

    /// `U+00E7`.
    package var code: String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    }

    /// `LATIN SMALL LETTER C WITH CEDILLA`.
    package var name: String { scalar.properties.name ?? (scalar == "\t" ? "TAB" : "unnamed") }

    /// What may stand in its place and is in GSM-7, `nil` where nothing reads alike.
    package var replacement: String? { ForcingCharacter.replacements[character] }

    package var description: String {
        // What is not seen is told by its name alone.
        let isSeen = character.unicodeScalars.allSatisfy { scalar in
            !scalar.properties.isWhitespace && !scalar.properties.isDefaultIgnorableCodePoint && scalar.value >= 0x20
        }
        return isSeen ? "“\(character)” (\(code), \(name))" : "\(code) (\(name))"
    }

    /// Letters without their marks, plain marks for typographic ones, and what is in GSM-7 when its parts are put together.
    private static let replacements: [Character: String] = {
        let alike: [(String, String)] = [
            ("áâãāăą", "a"), ("ÁÀÂÃĀĂĄ", "A"), ("çćĉċč", "c"), ("ĆĈĊČ", "C"), ("ďđ", "d"), ("ĎĐ", "D"),
            ("êëēĕėęě", "e"),
            ("ÈÊËĒĔĖĘĚ", "E"), ("ĝğġģ", "g"), ("ĜĞĠĢ", "G"), ("íîïĩīĭįı", "i"), ("ÍÌÎÏĨĪĬĮİ", "I"), ("ĺļľł", "l"),
            ("ĹĻĽŁ", "L"), ("ńņň", "n"), ("ŃŅŇ", "N"), ("óôõōŏő", "o"), ("ÓÒÔÕŌŎŐ", "O"), ("ŕŗř", "r"), ("ŔŖŘ", "R"),
            ("śŝşšș", "s"), ("ŚŜŞŠȘ", "S"), ("ţťț", "t"), ("ŢŤȚ", "T"), ("úûũūŭůűų", "u"), ("ÚÙÛŨŪŬŮŰŲ", "U"),
            ("ýÿ", "y"), ("ÝŸ", "Y"), ("źżž", "z"), ("ŹŻŽ", "Z"),
            ("‘’‚‛′`´", "'"), ("“”„‟«»″", "\""), ("‐‑‒–—―−", "-"), ("•·", "*"),
            ("\t\u{A0}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200A}\u{202F}\u{3000}", " "),
        ]
        var replacements: [Character: String] = ["…": "...", "œ": "oe", "Œ": "OE"]
        for (characters, replacement) in alike {
            for character in characters { replacements[character] = replacement }
        }
        // Equal as characters to what is written with a mark of its own.
        for character in "àäåèéìñòöùüÄÅÇÉÑÖÜ" { replacements[character] = String(character) }
        return replacements
    }()

    /// The characters of a text that are not in GSM-7, each with where it stands, from where the text begins.
    static func all(in text: String, from start: TextPosition) -> [(
        character: ForcingCharacter, position: TextPosition
    )] {
        var position = start
        var found: [(ForcingCharacter, TextPosition)] = []
        for character in text {
            if let forcing = ForcingCharacter(character) { found.append((forcing, position)) }
            position.pass(character)
        }
        return found
    }
}
