import Carrier
import Clocks
import Configuration
import Deliveries
import Foundation
import JSON
import Transfer

/// Says what became of a message by what came back over HTTP.
///
/// Surely not sent is only what the gateway, or the want of one, says; what nobody can tell is unknown.
///
/// | What came back | Outcome | Code |
/// |---|---|---|
/// | an answer of `accepted` | `accepted` | the gateway's, or the status |
/// | one of `accepted`, but no JSON where `reference` is to be read in it | `unknown` | `unclear_answer` |
/// | one of `throttled` | `throttled`, after `Retry-After` | the gateway's, or the status |
/// | one of `unreachable` | `retry`, after `Retry-After` | `unreachable` |
/// | one of `refused` | `refused` | the gateway's, or the status |
/// | in no list: 5xx, other 4xx | `retry`, after `Retry-After` | the gateway's, or the status |
/// | in no list: 301, 307, 308, which say that nothing is served here | `retry` | `unreachable` |
/// | in no list: other 2xx and 3xx, which may follow a message that was taken | `unknown` | `unclear_answer` |
/// | more than is read | `unknown` | `unclear_answer` |
/// | nothing, though the request may have arrived | `unknown` | `no_answer` |
/// | nothing, and no byte of the request left | `retry` | `interrupted` |
/// | no name, connection or TLS, or a URL that cannot be used | `retry` | `unreachable` |
/// | nothing, because the worker ended before anything left | `released` | |
struct AnswerReader {
    static let unclear = "unclear_answer"

    private let description: HTTPDescription
    private let now: Instant

    /// `now`: For a `Retry-After` that is a date.
    init(_ description: HTTPDescription, now: Instant) {
        (self.description, self.now) = (description, now)
    }

    func handOver(_ result: HTTPResult) -> HandOver {
        switch result {
        case .answered(let answer): handOver(answer)
        case .failed(let failure):
            switch failure.kind {
            case .unknown: HandOver(.unknown, code: "no_answer", detail: failure.reason)
            case .tooLarge: HandOver(.unknown, code: AnswerReader.unclear, detail: failure.reason)
            case .notSent: HandOver(.retry, code: "interrupted", detail: failure.reason)
            case .unreachable: HandOver(.retry, code: Outcome.unreachableCode, detail: failure.reason)
            case .invalid:
                HandOver(.retry, code: Outcome.unreachableCode, detail: "the gateway's url or header cannot be used")
            case .cancelled: HandOver(.released)
            }
        }
    }

    private func handOver(_ answer: HTTPAnswer) -> HandOver {
        // Not every gateway answers every status with JSON; then only the status speaks.
        let body = try? JSONValue(parsing: answer.body)
        let code = description.code.flatMap { body?[$0]?.asText } ?? String(answer.status)
        let words = "HTTP \(answer.status): \(words(of: answer, body))"
        let wait = answer.retryAfter(at: now)
        switch description.meanings.meaning(ofStatus: answer.status, body: body) {
        case .accepted where description.reference != nil && body == nil:
            return HandOver(
                .unknown,
                code: AnswerReader.unclear,
                detail: "HTTP \(answer.status): the answer is not the JSON that the settings read"
            )
        case .accepted:
            let reference = description.reference.flatMap { body?[$0] }
            return HandOver(
                .accepted,
                gatewayReference: reference.flatMap { $0.isNull ? nil : $0.asText },
                code: code,
                price: body?.billed(description.price, description.currency)
            )
        case .throttled: return HandOver(.throttled, code: code, detail: words, retryAfter: wait)
        case .unreachable:
            return HandOver(.retry, code: Outcome.unreachableCode, detail: words, retryAfter: wait)
        case .refused: return HandOver(.refused, code: code, detail: words)
        case nil: break
        }
        switch answer.status {
        case 400..<600: return HandOver(.retry, code: code, detail: words, retryAfter: wait)
        case 301, 307, 308: return HandOver(.retry, code: Outcome.unreachableCode, detail: words)
        default: return HandOver(.unknown, code: AnswerReader.unclear, detail: words)
        }
    }

    /// The gateway's words: the member that the settings name, else the whole answer.
    private func words(of answer: HTTPAnswer, _ body: JSONValue?) -> String {
        if let pointer = description.detail, let words = body?[pointer]?.asText { return words }
        // Written anew, so that no escape hides what is to be struck out.
        return String(decoding: body?.serialized() ?? answer.body, as: UTF8.self)
    }
}
