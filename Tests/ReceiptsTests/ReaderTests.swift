import Clocks
import Cryptography
import Deliveries
import Receipts
import Testing

@Suite("What a receipt tells")
struct ReaderTests {
    private static let lines = """
        authentication = "basic"
        user = "gateway"
        account = "/account"
        account_is = "acme"
        reference = "/message/id"
        attempt = "ref"
        state = "/message/state"
        code = "/error"
        price = "/cost"
        currency = "/unit"
        delivered = ["DELIVRD"]
        undelivered = ["failed", "7"]
        accepted = ["sent"]
        """
    private static let flat = lines.replacing("/message/", with: "")

    private func read(
        _ body: String,
        type: String = "application/json",
        query: String? = nil,
        _ lines: String = Self.lines
    ) throws -> Receipt? {
        let request = ReceiptRequest(
            method: query == nil ? "POST" : "GET",
            url: nil,
            query: query ?? "",
            headers: [("Authorization", "Basic " + [UInt8]("gateway:pass".utf8).base64), ("Content-Type", type)],
            body: [UInt8](body.utf8)
        )
        return try Desk.reader("basic", secret: "pass", lines).read(request, at: Desk.now)
    }

    private func json(_ state: String, _ more: String = "") -> String {
        #"{"account":"acme","message":{"id":"m-1","state":\#(state)}\#(more)}"#
    }

    @Test("stands in JSON, in a form and in a query alike")
    func places() throws {
        let text = "account=acme&id=m-1&state=delivrd&error=&cost=0.01&unit=usd&other=a&other=b"
        let form = "application/x-www-form-urlencoded; charset=utf-8"
        let members = #", "error":null, "cost":"0.01", "unit":"usd""#
        let receipts = [
            try read(json(#""DelivRD""#, members)), try read(text, type: form, Self.flat),
            try read("", query: text, Self.flat),
        ]
        for receipt in receipts {
            #expect(receipt?.state == .delivered)
            #expect(receipt?.reference == "m-1")
            #expect(receipt?.code == nil)
            #expect(receipt?.price.map { "\($0)" } == "0.01 USD")
            #expect(receipt?.isPricePerSegment == false)
        }
    }

    @Test(
        "is one of the words of the lists, whatever their case, or nothing",
        arguments: [
            (#""DELIVRD""#, ReceiptState.delivered), (#""failed""#, .undelivered), (#""Sent""#, .accepted),
            ("7", .undelivered), (#""seven""#, nil), ("null", nil), (#""""#, nil), ("[]", nil), ("true", nil),
        ]
    )
    func words(state: String, expected: ReceiptState?) throws {
        #expect(try read(json(state))?.state == expected)
    }

    @Test("is nothing where there is no state")
    func noState() throws {
        #expect(try read(#"{"account":"acme"}"#) == nil)
        #expect(try read("account=acme", type: "application/x-www-form-urlencoded") == nil)
    }

    @Test("is refused for another account, and for none", arguments: [#""acme2""#, #""ACME""#, "null", "[]", "7"])
    func accounts(account: String) {
        let body = #"{"account":\#(account),"message":{"state":"sent"}}"#
        #expect(throws: ReceiptRefusal.otherAccount) { try read(body) }
        #expect(throws: ReceiptRefusal.otherAccount) { try read(#"{"message":{"state":"sent"}}"#) }
    }

    @Test("is refused where it cannot be read, or says something twice")
    func unreadable() {
        for body in ["", "{", "state=sent", #"{"account":"acme","account":"acme"}"#, "\u{FF}"] {
            #expect(throws: ReceiptRefusal.unreadable, "\(body)") { try read(body) }
        }
        for form in ["account=acme&state=%zz", "account=acme&state=sent&state=sent", "account=acme&account=b&state=a"] {
            #expect(throws: ReceiptRefusal.unreadable, "\(form)") {
                try read(form, type: "application/x-www-form-urlencoded", Self.flat)
            }
            #expect(throws: ReceiptRefusal.unreadable, "\(form)") { try read("", query: form, Self.flat) }
        }
    }

    @Test(
        "is a bill in any spelling of an amount, or none",
        arguments: [
            (#""-0.00750""#, "0.0075 USD"), ("0.0333", "0.0333 USD"), (#""0.03330000""#, "0.0333 USD"),
            ("2", "2.00 USD"),
            ("0", "0.00 USD"), ("-1", "1.00 USD"), (#""""#, nil), (#""free""#, nil), ("null", nil), ("1e300", nil),
            (#""1000001""#, nil), ("true", nil),
        ]
    )
    func prices(cost: String, expected: String?) throws {
        let price = try read(json(#""sent""#, #", "cost":\#(cost), "unit":"USD""#))?.price
        #expect(price.map { "\($0)" } == expected)
        #expect(try read(json(#""sent""#, #", "cost":\#(cost), "unit":"dollars""#))?.price == nil)
    }

    @Test(
        "has a code of an error, never what may be a number or an address",
        arguments: [
            ("30005", "30005"), ("EC_ABSENT-27", "EC_ABSENT-27"), ("+12015550123", nil), ("to 12015550123", nil),
            ("12015550123", nil), ("b@example.com", nil), ("a b", nil), ("é", nil),
            (String(repeating: "a", count: 65), nil),
        ]
    )
    func codes(text: String, expected: String?) throws {
        #expect(try read(json(#""failed""#, #", "error":"\#(text)""#))?.code == expected)
    }

    @Test("names our attempt by its id, where it is one")
    func attempts() throws {
        let id = "at_01a1fcb4baeb7022b006d21b532b20a9"
        #expect(try read(json(#""sent""#, #", "ref":"\#(id)""#))?.attempt.map { "\($0)" } == id)
        #expect(try read(json(#""sent""#, #", "ref":"at_1""#))?.attempt == nil)
    }

    @Test("is only what was signed: a signed body says nothing of a query")
    func coverage() throws {
        let key = SecretKey(copying: [UInt8]("secret".utf8).span)
        let request = ReceiptRequest(
            method: "GET",
            url: nil,
            query: "sid=a&status=delivered",
            headers: [("X-Signature", "sha256=" + hmacSHA256(key: key, parts: [[]]).hex)],
            body: []
        )
        let reader = try Desk.reader("body", secret: "secret")
        #expect(throws: ReceiptRefusal.notAuthentic) { try reader.read(request, at: Desk.now) }
    }

    @Test("by GET passes where the URL is signed")
    func signedURL() throws {
        let lines = (Desk.lines["body"] ?? "") + "\nsigned = \"{{url}}{{body}}\""
        let key = SecretKey(copying: [UInt8]("secret".utf8).span)
        let url = "https://hooks.example.com/v1/receipts/x?sid=a&status=delivered"
        let request = ReceiptRequest(
            method: "GET",
            url: url,
            query: "sid=a&status=delivered",
            headers: [("X-Signature", "sha256=" + hmacSHA256(key: key, parts: [[UInt8](url.utf8)]).hex)],
            body: []
        )
        let receipt = try Desk.reader("body", secret: "secret", lines).read(request, at: Desk.now)
        #expect(receipt == Receipt(reference: "a", state: .delivered, coversAddress: true))
    }
}
