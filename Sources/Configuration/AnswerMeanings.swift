package import JSON

/// What an answer says about the message.
package enum AnswerMeaning: String, Sendable, CaseIterable {
    /// The gateway took the message.
    case accepted
    /// The gateway wants a pause.
    case throttled
    /// The gateway does not serve this account at all, whatever the message.
    case unreachable
    /// The gateway will never take the message.
    case refused
}

/// One entry of the lists: a status (`201`), a hundred of them (`2xx`), or a member of the answer (`/status=0`).
package enum AnswerCondition: Sendable, Equatable {
    case statuses(hundred: Int)
    case status(Int)
    /// The value is compared as text.
    case member(JSONPointer, String)

    package init?(_ text: String) {
        if text.hasPrefix("/") {
            guard let equals = text.firstIndex(of: "="), let pointer = JSONPointer(text: String(text[..<equals])) else {
                return nil
            }
            self = .member(pointer, String(text[text.index(after: equals)...]))
            return
        }
        guard text.count == 3, let first = text.first?.wholeNumberValue, text.first?.isASCII == true,
            (1...5).contains(first)
        else { return nil }
        if text.hasSuffix("xx") {
            self = .statuses(hundred: first)
        } else if text.allSatisfy({ $0.isASCII && $0.isNumber }), let status = Int(text) {
            self = .status(status)
        } else {
            return nil
        }
    }

    /// The more exact one counts.
    fileprivate var rank: Int {
        switch self {
        case .statuses: 1
        case .status: 2
        case .member: 3
        }
    }

    fileprivate func matches(status: Int, body: JSONValue?) -> Bool {
        switch self {
        case .statuses(let hundred): status / 100 == hundred
        case .status(let exact): status == exact
        case .member(let pointer, let text): body?[pointer]?.asText == text
        }
    }
}

/// The lists that say which answers to a send mean what.
package typealias AnswerMeanings = AnswerLists<AnswerMeaning>

extension AnswerMeanings {
    /// The list of each meaning where the settings have none; 5xx is in none.
    package static let standard: [AnswerMeaning: [AnswerCondition]] = [
        .accepted: [.statuses(hundred: 2)], .throttled: [.status(429)], .unreachable: [],
        .refused: [.statuses(hundred: 4)],
    ]
}

/// For each meaning the answers that have it.
package struct AnswerLists<Meaning: CaseIterable & Hashable & Sendable>: Sendable, Equatable {
    package var conditions: [Meaning: [AnswerCondition]]

    package init(_ conditions: [Meaning: [AnswerCondition]]) {
        self.conditions = conditions
    }

    /// Returns what an answer means, `nil` where no entry fits.
    ///
    /// Of several entries that fit, `POINTER=VALUE` counts before a status and a status before its hundred. Of equal
    /// ones that of the meaning that is declared first counts, which is `accepted`: what the gateway may have taken is
    /// not sent again.
    package func meaning(ofStatus status: Int, body: JSONValue?) -> Meaning? {
        var best: (meaning: Meaning, rank: Int)?
        for meaning in Meaning.allCases {
            for condition in conditions[meaning] ?? [] where condition.matches(status: status, body: body) {
                if condition.rank > best?.rank ?? 0 { best = (meaning, condition.rank) }
            }
        }
        return best?.meaning
    }
}

extension JSONValue {
    /// A single value as it reads; `nil` for arrays and objects.
    package var asText: String? {
        switch self {
        case .null: "null"
        case .bool(let flag): String(flag)
        case .integer(let number): String(number)
        case .number(let number): String(number)
        case .string(let text): text
        case .array, .object: nil
        }
    }
}

extension JSONPointer {
    /// Reads `/data/0/id`, with `~1` for `/` and `~0` for `~` (RFC 6901, section 3).
    init?(text: String) {
        guard text.hasPrefix("/") else { return nil }
        var tokens: [String] = []
        for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            let escapes = part.split(separator: "~", omittingEmptySubsequences: false).dropFirst()
            guard escapes.allSatisfy({ $0.hasPrefix("0") || $0.hasPrefix("1") }) else { return nil }
            // In this order, so that ~01 is ~1.
            tokens.append(String(part).replacing("~1", with: "/").replacing("~0", with: "~"))
        }
        self.init(tokens)
    }
}
