/// What a gateway says in its own words, which is kept for operators.
package enum GatewayWords {
    /// The longest text that is kept.
    package static let limit = 200

    /// Strikes out what may name a person or be a code: words with an @, runs of 4 or more digits that stand alone, and the
    /// given texts.
    package static func strikingOut(_ text: String, persons: [String] = []) -> String {
        var struck = text
        for person in persons where person.count >= 2 {
            while let range = struck.range(ofCaseInsensitive: person) { struck.replaceSubrange(range, with: "***") }
        }
        let words = struck.split(separator: " ", omittingEmptySubsequences: false).map { word -> String in
            word.contains("@") ? "***" : strikingOutNumbers(in: word)
        }
        return String(words.joined(separator: " ").filter { !$0.isNewline }.prefix(limit))
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
    fileprivate func range(ofCaseInsensitive other: String) -> Range<String.Index>? {
        let wanted = other.lowercased()
        var start = startIndex
        while start < endIndex {
            if let end = index(start, offsetBy: other.count, limitedBy: endIndex), self[start..<end].lowercased() == wanted {
                return start..<end
            }
            start = index(after: start)
        }
        return nil
    }
}
