import AuthEvents
private import Challenges
import Clocks
private import Composition
import Deliveries
import HTTPServer
import JSON
import Sorting
import Spend
import Store

// What a carrier is given, as it reads it.
extension WrittenClaim {
    func json(_ desk: ReceiptDesk) -> JSONValue {
        let callback = desk.address(of: "\(claim.attempt)", at: claim.gateway.name)
        var members: JSONObject = [
            "to": .string(message.to), "from": .string(message.from), "text": .string(message.text),
            "subject": message.mail.map { .string($0.subject) } ?? nil,
            "html": message.mail.map { .string($0.html) } ?? nil,
            "message_id": message.mail.map { .string($0.messageID) } ?? nil,
            "callback_url": callback.map(JSONValue.string) ?? nil,
        ]
        if let code { members["code"] = .string(code.digits) }
        return [
            "token": .string("\(claim.token)"), "task": "send", "delivery": .string("\(claim.token.delivery)"),
            "attempt": .string("\(claim.attempt)"), "gateway": .string(claim.gateway.name),
            "purpose": .string(claim.purpose.name), "tenant": .string("\(claim.tenant)"),
            "lease_ms": .integer(lease.milliseconds), "send_within_ms": .integer(sendWithin.milliseconds),
            "valid_for_ms": .integer(validFor.milliseconds), "timeout_ms": .integer(claim.gateway.timeout.milliseconds),
            "message": .object(members), "price": priceJSON,
        ]
    }

    private var priceJSON: JSONValue {
        guard let price, let quote = claim.token.quote?.quote else { return nil }
        return [
            "unit_price": .string(Money.text(micros: price.unit)), "fee": .string(Money.text(micros: price.fee)),
            "currency": .string("\(price.currency)"), "price_version": .string(price.version),
            "segments": .integer(quote.segments), "encoding": .string(quote.encoding.name),
        ]
    }
}

extension WrittenQuestion {
    var json: JSONValue {
        [
            "token": .string("\(question.token)"), "task": "ask", "delivery": .string("\(question.token.delivery)"),
            "attempt": .string("\(question.attempt)"), "gateway": .string(question.gateway.name),
            "purpose": .string(question.purpose.name), "tenant": .string("\(question.tenant)"),
            "lease_ms": .integer(lease.milliseconds), "timeout_ms": .integer(question.gateway.timeout.milliseconds),
            "gateway_reference": question.gatewayReference.map(JSONValue.string) ?? nil,
            "message": ["to": .string(to)],
        ]
    }
}
