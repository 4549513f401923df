/// The way from a document's root to one of its values, as RFC 6901 writes it.
package struct JSONPointer: Sendable, Equatable, Hashable {
    /// Member names and array positions, not escaped.
    package private(set) var tokens: [String]

    /// The pointer to the whole document, which is written as nothing at all.
    package init() {
        tokens = []
    }

    package init(_ tokens: [String]) {
        self.tokens = tokens
    }

    package func appending(_ token: String) -> JSONPointer {
        JSONPointer(tokens + [token])
    }

    /// Points to an element of the array that this pointer names, counted from 0.
    package func appending(_ index: Int) -> JSONPointer {
        appending(String(index))
    }
}

extension JSONPointer: CustomStringConvertible {
    /// `/data/email`, with `~` written as `~0` and `/` as `~1` (RFC 6901, section 3).
    package var description: String {
        var text = ""
        for token in tokens {
            text.unicodeScalars.append("/")
            for scalar in token.unicodeScalars {
                switch scalar {
                case "~": text += "~0"
                case "/": text += "~1"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
        return text
    }
}

extension JSONPointer: ExpressibleByArrayLiteral {
    package init(arrayLiteral tokens: String...) {
        self.init(tokens)
    }
}
