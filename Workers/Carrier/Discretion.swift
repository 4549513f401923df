private import Deliveries

/// What of a gateway's answer may be kept: nothing that names the person or gives the code away.
///
/// A gateway may echo what it was sent, in whatever spelling: Twilio's answers hold the number and the text. The code of
/// the message is unknown here, and so is the name in it, so every word of the message is struck out, and for a phone every
/// number that could be a part of its number or a code.
struct Discretion {
    /// How much of an answer is looked at for words.
    private static let horizon = 2000
    /// The bounds that the server sets to a report; it would refuse a larger one, however often it is repeated.
    private static let referenceBytes = 512
    private static let codeBytes = 64
    private static let detailBytes = 2048
    /// So many digits in a row of a number tell whose it is.
    private static let tellingDigits = 6

    private let recipient: String
    private let text: String
    private let isToPhone: Bool
    private let digits: String

    init(_ claim: Claim) { self.init(recipient: claim.message.to, text: claim.message.text) }

    /// The text of the message is not here, so no answer to a question may be kept as a whole.
    init(_ question: Question) { self.init(recipient: question.to, text: "") }

    private init(recipient: String, text: String) {
        (self.recipient, self.text) = (recipient, text)
        isToPhone = recipient.hasPrefix("+")
        digits = recipient.filter(\.isNumber)
    }

    /// Words of the text, of four and more letters and digits, in small letters; found when they are needed, which for most
    /// messages is never.
    private var words: Set<String> { Discretion.words(of: text) }

    /// What may be reported of an outcome.
    func applied(to handOver: HandOver) -> HandOver {
        var handOver = handOver
        handOver.detail = handOver.detail.map(detail)
        handOver.gatewayReference = handOver.gatewayReference.flatMap(reference)
        handOver.code = handOver.code.flatMap(code)
        return handOver
    }

    func detail(_ words: String) -> String {
        let text = GatewayWords.onOneLine(words)
        guard isToPhone else {
            let local = recipient.split(separator: "@").prefix(1).map(String.init)
            let visible = GatewayWords.strikingOut(text, persons: [recipient] + local)
            return strikingOutWords(visible).prefix(bytes: Discretion.detailBytes)
        }
        var visible = Discretion.wholeWords(of: text, limit: Discretion.horizon)
        for link in self.text.split(whereSeparator: \.isWhitespace) where link.contains("://") {
            visible = visible.replacing(link, with: "***")
        }
        return GatewayWords.strikingOut(strikingOut(visible)).prefix(bytes: Discretion.detailBytes)
    }

    func reference(_ words: String) -> String? {
        let text = GatewayWords.onOneLine(words)
        guard isToPhone else {
            return GatewayWords.strikingOut(text, persons: [recipient]).prefix(bytes: Discretion.referenceBytes)
        }
        let isName = text == words && text.utf8.count <= Discretion.referenceBytes && !text.isEmpty
        return isName && !tells(text) ? text : nil
    }

    /// A gateway's code of an error, where it reads as one.
    func code(_ text: String) -> String? {
        let isCode = text.utf8.count <= Discretion.codeBytes && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return isCode && !(isToPhone && tells(text)) ? text : nil
    }

    /// Whether a name or code holds the number or a word of the text that could be the code.
    private func tells(_ text: String) -> Bool {
        if holdsNumber(text) { return true }
        let telling = Discretion.words(of: text).filter { $0.contains(where: \.isNumber) }
        return !telling.isEmpty && !telling.isDisjoint(with: words)
    }

    /// Strikes out words that tell, and leaves the digits of reply codes where they are.
    private func strikingOutWords(_ text: String) -> String {
        let words = words
        var result = ""
        var rest = text[...]
        while let first = rest.first {
            let word = rest.prefix { $0.isLetter || $0.isNumber }
            result += word.isEmpty ? String(first) : words.contains(word.lowercased()) ? "***" : String(word)
            rest = rest.dropFirst(max(word.count, 1))
        }
        return result
    }

    /// Strikes out words that tell, and digits that stand together whatever stands between them: `(202) 555-0123`.
    private func strikingOut(_ text: String) -> String {
        let words = words
        var result = ""
        var rest = text[...]
        while let first = rest.first {
            let word = rest.prefix { $0.isLetter || $0.isNumber }
            if word.isEmpty {
                result.append(first)
                rest.removeFirst()
            } else if word.allSatisfy(\.isNumber) {
                let number = Discretion.number(at: rest)
                result += number.filter(\.isNumber).count >= 4 ? "***" : String(number)
                rest = rest[number.endIndex...]
            } else {
                result += isTelling(word, words) ? "***" : String(word)
                rest = rest[word.endIndex...]
            }
        }
        return result
    }

    /// The digits that a text begins with, and those behind them with no more than three joining characters between.
    private static func number(at text: Substring) -> Substring {
        var end = text.startIndex
        while true {
            let joint = text[end...].prefix { $0.joinsDigits }
            let word = text[joint.endIndex...].prefix { $0.isLetter || $0.isNumber }
            guard joint.count <= 3, !word.isEmpty, word.allSatisfy(\.isNumber) else { return text[..<end] }
            end = word.endIndex
        }
    }

    /// Whether a word is of the text, or holds the number or a word that could be the code: `tel12025550123`.
    private func isTelling(_ word: Substring, _ words: Set<String>) -> Bool {
        let small = word.lowercased()
        if words.contains(small) { return true }
        guard word.contains(where: \.isNumber) else { return false }
        return holdsNumber(word) || words.contains { $0.contains(where: \.isNumber) && small.contains($0) }
    }

    /// Whether the digits of a text, taken together, hold the last of the recipient's number.
    private func holdsNumber(_ text: some StringProtocol) -> Bool {
        guard digits.count >= Discretion.tellingDigits else { return false }
        let (run, telling) = (String(text.filter(\.isNumber)).utf8, digits.suffix(Discretion.tellingDigits).utf8)
        return run.indices.contains { run[$0...].starts(with: telling) }
    }

    private static func words(of text: String) -> Set<String> {
        // Nearly all texts are of ASCII, where a byte is a character and no table of Unicode need be asked.
        if text.utf8.allSatisfy({ $0 < 0x80 }) {
            let words = text.utf8.split { !$0.isWordPart }.filter { $0.count >= 4 }
            return Set(words.map { String(decoding: $0, as: UTF8.self).lowercased() })
        }
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }
        return Set(words.filter { $0.count >= 4 }.map(String.init))
    }

    /// The beginning of a text, without a word or number that the cut would leave half.
    private static func wholeWords(of text: String, limit: Int) -> String {
        var beginning = text.prefix(limit)
        guard beginning.endIndex < text.endIndex else { return text }
        while let last = beginning.last, last.isLetter || last.isNumber || last.joinsDigits { beginning.removeLast() }
        return String(beginning)
    }
}

extension UInt8 {
    /// Whether it is a letter or a digit of ASCII.
    fileprivate var isWordPart: Bool { (0x30...0x39).contains(self) || (0x61...0x7A).contains(self | 0x20) }
}

extension Character {
    /// Whether it is written between the digits of a phone number.
    fileprivate var joinsDigits: Bool { isWhitespace || "-.()+/\u{2010}\u{2011}\u{2013}".contains(self) }
}

extension String {
    fileprivate func prefix(bytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var beginning = self[...]
        while beginning.utf8.count > limit { beginning.unicodeScalars.removeLast() }
        return String(beginning)
    }
}
