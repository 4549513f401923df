import AuthEvents
import Clocks
import Deliveries
import HTTPServer
import JSON
import Receipts
import Store

extension API {
    /// A receipt has a few hundred bytes; some bring the message along.
    static let largestReceipt = 64 << 10

    /// `GET` and `POST /v1/receipts/{gateway}` and `…/{attempt}`: 204 for whatever the gateway need not bring again.
    ///
    /// What is signed and says nothing, says it twice, or is of a message that is not ours is answered like any other:
    /// gateways repeat what is answered with an error, and some stop altogether.
    func receipts(_ request: Request, of gateway: String, attempt: String?) async throws(Problem) -> Response {
        guard let reader = desk.readers[gateway] else { throw .notFound }
        try allow(["GET", "POST"].contains(request.method), ["GET", "POST"])
        guard request.body.count <= API.largestReceipt else {
            throw .tooLarge("The receipt is too large.", limit: API.largestReceipt)
        }
        let receipt: Receipt?
        do {
            receipt = try reader.read(ReceiptRequest(request, publicURL: desk.publicURL), at: time.now())
        } catch {
            desk.note(gateway, ReceiptFate(error))
            throw Problem(error)
        }
        guard let receipt else {
            desk.note(gateway, .ignored)
            return .noContent
        }
        let address = attempt.flatMap(AttemptID.init)
        guard attempt == nil || address != nil else {
            desk.note(gateway, .noAttempt)
            throw .notFound
        }
        let result: ReceiptResult
        do {
            result = try await receiptStore.receive(receipt, of: gateway, at: address)
        } catch {
            throw Problem(error)
        }
        desk.note(gateway, ReceiptFate(result))
        if result == .noAttempt { throw .notFound }
        return .noContent
    }
}

extension ReceiptRequest {
    fileprivate init(_ request: Request, publicURL: String?) {
        let target = request.target
        let query = target.rawQuery.map { "?" + $0 } ?? ""
        self.init(
            method: request.method,
            url: publicURL.map { $0 + target.path + query },
            query: target.rawQuery ?? "",
            headers: request.headers.fields.map { ($0.name, $0.value) },
            body: request.body
        )
    }
}

extension ReceiptFate {
    fileprivate init(_ refusal: ReceiptRefusal) {
        switch refusal {
        case .notAuthentic: self = .notAuthentic
        case .stale: self = .stale
        case .otherAccount: self = .otherAccount
        case .unreadable: self = .unreadable
        }
    }

    fileprivate init(_ result: ReceiptResult) {
        switch result {
        case .applied: self = .applied
        case .recorded: self = .recorded
        case .known: self = .known
        case .notOurs: self = .notOurs
        case .noAttempt: self = .noAttempt
        }
    }
}

extension Problem {
    /// Whoever has no signature learns no more than that.
    fileprivate init(_ refusal: ReceiptRefusal) {
        switch refusal {
        case .notAuthentic, .stale:
            self.init(.unauthenticated, "This is not a receipt of this gateway; sign it as the gateway does.")
        case .otherAccount: self.init(.forbidden, "This receipt is not for the gateway's account.")
        case .unreadable:
            self.init(.malformed, "The receipt is neither JSON nor a form, or names something twice.", ["pointer": ""])
        }
    }
}
