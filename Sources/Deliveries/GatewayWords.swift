/// What a gateway says in its own words, which is kept for operators.
package enum GatewayWords {
    /// The longest text that is kept.
    package static let limit = 200

    /// Strikes out what may name a person or be a code: words with an @, runs of 4 or more digits that stand alone, and the
    /// given texts.
    package static func strikingOut(_ text: String, persons: [String] = []) -> String {
        var struck = onOneLine(text)
        for person in persons where person.count >= 2 {
            struck = struck.replacing(caseInsensitive: person, with: "***")
        }
        let words = struck.split(separator: " ", omittingEmptySubsequences: false).map { word -> String in
            word.contains("@") && word != "@" ? "***" : strikingOutNumbers(in: word)
        }
        return String(words.joined(separator: " ").prefix(limit))
    }

    /// With a blank in the place of every control character, so that words command no terminal and break no report.
    package static func onOneLine(_ text: String) -> String {
        let isControl = { (scalar: Unicode.Scalar) in
            scalar.isASCII ? scalar.value < 0x20 || scalar.value == 0x7F : scalar.properties.generalCategory == .control
        }
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? " " : $0 }))
    }

    /// A gateway's own name for a message, whole, since bills and receipts name it.
    ///
    /// One with an address in it is not kept.
    package static func reference(_ text: String) -> String? {
        let isName = !text.isEmpty && !text.contains("@") && onOneLine(text) == text
        return isName ? text : nil
    }

    private static func strikingOutNumbers(in word: Substring) -> String {
        var result = ""
        var run = ""
        for character in word {
            if character.isASCII, character.isLetter || character.isNumber {
                run.append(character)
            } else {
                result += shown(run) + String(character)
                run = ""
            }
        }
        return result + shown(run)
    }

    private static func shown(_ run: String) -> String {
        run.count >= 4 && run.allSatisfy(\.isNumber) ? "***" : run
    }
}

extension String {
    /// Goes on behind each replacement, which may itself contain the other text.
    fileprivate func replacing(caseInsensitive other: String, with replacement: String) -> String {
        var result = ""
        var rest = self[...]
        while let range = rest.range(ofCaseInsensitive: other) {
            result += rest[..<range.lowerBound] + replacement
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}

extension Substring {
    fileprivate func range(ofCaseInsensitive other: String) -> Range<Index>? {
        let wanted = other.lowercased()
        var start = startIndex
        while start < endIndex {
            if let end = index(start, offsetBy: other.count, limitedBy: endIndex),
                self[start..<end].lowercased() == wanted
            {
                return start..<end
            }
            start = index(after: start)
        }
        return nil
    }
}
