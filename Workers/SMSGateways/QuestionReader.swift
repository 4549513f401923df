import Carrier
import Clocks
import Configuration
import Deliveries
import JSON
import Transfer

/// Says what a gateway's answer to a question means.
///
/// Only the settings' lists speak of the message. A gateway that does not know a message need not be one that never got
/// it: many tell of a message only some time after they took it, so 404 means nothing by itself.
///
/// | What came back | Outcome | Code |
/// |---|---|---|
/// | an answer of `accepted` | `accepted` | the gateway's, or the status |
/// | one of `refused` | `refused` | the gateway's, or the status |
/// | one of `unknown` | `unknown` | the gateway's, or the status |
/// | one of `unsent` | `retry` | the gateway's, or the status |
/// | in no list: 429 | `throttled`, after `Retry-After` | the status |
/// | in no list: 401, 403, 408, 5xx | `released`, after `Retry-After` | the status |
/// | in no list: any other | `unknown` | `unclear_answer` |
/// | more than is read | `unknown` | `unclear_answer` |
/// | nothing | `released` | `unreachable`, or `no_answer` once the request has left |
/// | nothing, because the worker ended | `released` | |
struct QuestionReader {
    /// When a gateway that did not answer may be asked again, where it does not say.
    static let pause: Duration = .seconds(10)

    private let description: QuestionDescription
    private let now: Instant

    /// `now`: For a `Retry-After` that is a date.
    init(_ description: QuestionDescription, now: Instant) {
        (self.description, self.now) = (description, now)
    }

    func handOver(_ result: HTTPResult, to question: Question) -> HandOver {
        switch result {
        case .answered(let answer): return handOver(answer, to: question)
        case .failed(let failure):
            switch failure.kind {
            case .tooLarge: return HandOver(.unknown, code: AnswerReader.unclear, detail: failure.reason)
            case .cancelled: return HandOver(.released)
            case .unknown, .notSent: return later("no_answer", failure.reason)
            case .unreachable: return later(Outcome.unreachableCode, failure.reason)
            case .invalid: return later(Outcome.unreachableCode, "the question's url or header cannot be used")
            }
        }
    }

    private func handOver(_ answer: HTTPAnswer, to question: Question) -> HandOver {
        let body = try? JSONValue(parsing: answer.body)
        let code = body?.text(at: description.code) ?? String(answer.status)
        // Never the whole answer: it may hold the text of the message, whose words are not known here.
        let words = body?.text(at: description.detail).map { ": " + $0 } ?? ""
        let detail = "HTTP \(answer.status)\(words)"
        switch description.meanings.meaning(ofStatus: answer.status, body: body) {
        case .accepted:
            return HandOver(
                .accepted,
                gatewayReference: body?.text(at: description.reference) ?? question.gatewayReference,
                code: code,
                price: body?.billed(description.price, description.currency)
            )
        case .refused:
            return HandOver(
                .refused,
                code: code,
                detail: detail,
                price: body?.billed(description.price, description.currency)
            )
        case .unknown: return HandOver(.unknown, code: code, detail: detail)
        case .unsent: return HandOver(.retry, code: code, detail: detail)
        case nil: break
        }
        let wait = answer.retryAfter(at: now) ?? QuestionReader.pause
        switch answer.status {
        case 429: return HandOver(.throttled, code: String(answer.status), detail: detail, retryAfter: wait)
        case 401, 403, 408, 500..<600:
            return HandOver(.released, code: String(answer.status), detail: detail, retryAfter: wait)
        default: return HandOver(.unknown, code: AnswerReader.unclear, detail: detail)
        }
    }

    private func later(_ code: String, _ reason: String) -> HandOver {
        HandOver(.released, code: code, detail: reason, retryAfter: QuestionReader.pause)
    }
}
