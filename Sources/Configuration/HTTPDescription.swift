package import Composition
package import JSON
package import Spend

/// How a gateway behind an HTTP API is asked and how its answers are read: settings alone, no code.
package struct HTTPDescription: Sendable {
    package enum ContentType: String, Sendable, CaseIterable {
        case json, form

        package var mediaType: String {
            switch self {
            case .json: "application/json"
            case .form: "application/x-www-form-urlencoded"
            }
        }

        /// How values are escaped in the body.
        package var output: Template.Output {
            switch self {
            case .json: .json
            case .form: .form
            }
        }
    }

    package struct Header: Sendable {
        package var name: String
        /// Values are filled in as they are; one with a control character must not go on the wire.
        package var value: Template
    }

    package enum CurrencySource: Sendable, Equatable {
        case literal(Currency)
        case pointer(JSONPointer)
    }

    /// What the templates may name.
    package static let variables: Set<String> = [
        "to", "from", "text", "reference", "callback_url", "valid_for_seconds", "account", "secret",
    ]

    package var method: String
    /// With its path; values are percent-encoded.
    package var url: Template
    package var headers: [Header]
    package var contentType: ContentType
    /// Values are escaped for ``contentType``.
    package var body: Template
    /// Account and secret go along as `Authorization: Basic`.
    package var isBasic: Bool
    package var meanings: AnswerMeanings
    /// The gateway's name for the message.
    package var reference: JSONPointer?
    package var price: JSONPointer?
    package var currency: CurrencySource?
    /// The gateway's own code of an error.
    package var code: JSONPointer?
    /// The gateway's words about an error.
    package var detail: JSONPointer?
    /// The shortest and longest `valid_for_seconds` that the gateway takes; what is outside is brought inside.
    package var validity: ClosedRange<Int64>
    /// How the gateway is asked what became of a message; `nil` where it cannot be.
    package var ask: QuestionDescription?
}
