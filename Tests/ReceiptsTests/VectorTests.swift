import Deliveries
import Receipts
import Testing

@Suite("A receipt that a provider's SDK signed")
struct VectorTests {
    @Test("is there in its whole number")
    func count() {
        #expect(Vector.receipts.count == 31)
        #expect(Vector.webhooks.count > 10)
    }

    @Test("passes or is refused as the SDK and its documentation say", arguments: Vector.receipts + Vector.webhooks)
    func vector(vector: Vector) throws {
        let reader = try Desk.reader(vector.provider, secret: vector.secret)
        guard vector.isAccepted else {
            let refusal = #expect(throws: ReceiptRefusal.self) { try reader.read(vector.request, at: vector.now) }
            #expect(refusal == .notAuthentic || refusal == .stale)
            return
        }
        // Of those that are no receipts only the signature counts.
        guard vector.provider != "standard-webhooks" else {
            do { _ = try reader.read(vector.request, at: vector.now) } catch { #expect(error == .unreadable) }
            return
        }
        #expect(try reader.read(vector.request, at: vector.now) != nil)
    }

    @Test("is read with its message, its state, its code and its price")
    func contents() throws {
        func read(_ provider: String, _ name: String) throws -> String {
            let vector = try Vector.one(provider, name)
            let receipt = try Desk.reader(provider, secret: vector.secret).read(vector.request, at: vector.now)
            guard let receipt else { return "nothing" }
            let words = [receipt.reference, receipt.state.name, receipt.code, receipt.price.map { "\($0)" }]
            return words.map { $0 ?? "-" }.joined(separator: " ")
        }
        let sid = "SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
        #expect(try read("twilio", "delivered") == "\(sid) delivered - -")
        #expect(try read("twilio", "undelivered with ErrorCode") == "\(sid) undelivered 30005 -")
        let uuid = "db3ce55a-7f1d-11e1-8ea7-1231380bc196"
        #expect(try read("plivo", "delivered") == "\(uuid) delivered 000 0.0035 USD")
        #expect(
            try read("messagebird", "delivered (GET)") == "e8077d803532c0b5937c639b60216938 delivered - 0.007 EUR"
        )
        #expect(try read("vonage", "delivered") == "0C000000217B7F02 delivered 0 0.0333 EUR")
        let id = "834f3d53-8a3c-4aa0-a733-7f2d682a72df"
        #expect(try read("telnyx", "finalized") == "\(id) delivered - 0.0045 USD")
    }
}
