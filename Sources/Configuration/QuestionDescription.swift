package import Composition
package import JSON

/// What a gateway's answer to the question for a message means.
///
/// In the order in which they count where two fit alike: last the one that lets the message be sent again.
package enum QuestionMeaning: String, Sendable, CaseIterable {
    /// The gateway has the message.
    case accepted
    /// It has it and will not deliver it.
    case refused
    /// It cannot say.
    case unknown
    /// It surely never got it.
    case unsent
}

/// How a gateway behind an HTTP API is asked what became of a message: the table `ask` of its settings.
package struct QuestionDescription: Sendable {
    /// What the templates may name: the message itself is not there any more.
    package static let variables: Set<String> = ["to", "reference", "gateway_reference", "account", "secret"]

    package var method: String
    /// With its path; values are percent-encoded.
    package var url: Template
    package var headers: [HTTPDescription.Header]
    package var contentType: HTTPDescription.ContentType
    /// `nil` for a GET.
    package var body: Template?
    package var isBasic: Bool
    package var meanings: AnswerLists<QuestionMeaning>
    /// The gateway's name for the message.
    package var reference: JSONPointer?
    package var price: JSONPointer?
    package var currency: HTTPDescription.CurrencySource?
    /// The gateway's own code of an error.
    package var code: JSONPointer?
    /// The gateway's words about an error.
    package var detail: JSONPointer?

    /// Whether nobody can be asked without the gateway's name for the message: the request holds it.
    package var needsReference: Bool {
        ([url, body].compactMap(\.self) + headers.map(\.value)).contains { $0.needed.contains("gateway_reference") }
    }
}
