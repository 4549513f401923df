import Clocks
import Cryptography
import JSON
import Receipts
import Testing

@Suite("A receipt with a JSON Web Token")
struct WebTokenTests {
    private static let secret = "vonage-signature-secret"
    private static let body = #"{"messageId":"m","api-key":"a1b2c3d4","status":"delivered"}"#
    private static let now = Desk.now.milliseconds / 1000

    private func token(_ claims: JSONObject, head: JSONObject = ["alg": "HS256", "typ": "JWT"]) -> String {
        let parts = [head, claims].map { $0.serialized().base64URL }.joined(separator: ".")
        let key = SecretKey(copying: [UInt8](Self.secret.utf8).span)
        return parts + "." + hmacSHA256(key: key, parts: [[UInt8](parts.utf8)]).base64URL
    }

    private static var claims: JSONObject {
        ["iat": .integer(now), "payload_hash": .string(sha256([UInt8](body.utf8)).hex)]
    }

    private func read(_ authorization: String, method: String = "POST") throws -> Bool {
        let request = ReceiptRequest(
            method: method,
            url: "https://hooks.example.com/v1/receipts/vonage?status=delivered&messageId=m&api-key=a1b2c3d4",
            query: "status=delivered&messageId=m&api-key=a1b2c3d4",
            headers: [("Authorization", authorization)],
            body: [UInt8](Self.body.utf8)
        )
        return try Desk.reader("vonage", secret: Self.secret).read(request, at: Desk.now) != nil
    }

    @Test("passes with the hash of its body and a time")
    func passes() throws {
        #expect(try read("Bearer " + token(Self.claims)))
        #expect(try read("bearer " + token(Self.claims)))
        var claims = Self.claims
        claims["iat"] = .number(Double(Self.now) + 0.5)
        #expect(try read("Bearer " + token(claims)))
    }

    @Test("signed by another algorithm, or by none, is refused", arguments: ["none", "HS512", "RS256", "hs256", ""])
    func algorithms(algorithm: String) {
        let token = token(Self.claims, head: ["alg": .string(algorithm)])
        #expect(throws: ReceiptRefusal.notAuthentic) { try read("Bearer " + token) }
        let unsigned = token.split(separator: ".").dropLast().joined(separator: ".") + "."
        #expect(throws: ReceiptRefusal.notAuthentic) { try read("Bearer " + unsigned) }
    }

    @Test("that covers nothing of what it tells is refused")
    func coverage() {
        var claims = Self.claims
        claims["payload_hash"] = nil
        #expect(throws: ReceiptRefusal.notAuthentic) { try read("Bearer " + token(claims)) }
        // A body that is signed says nothing of a query that is not.
        #expect(throws: ReceiptRefusal.notAuthentic) { try read("Bearer " + token(Self.claims), method: "GET") }
        claims["payload_hash"] = .string(sha256([]).hex)
        #expect(throws: ReceiptRefusal.notAuthentic) { try read("Bearer " + token(claims)) }
        claims["payload_hash"] = 7
        #expect(throws: ReceiptRefusal.notAuthentic) { try read("Bearer " + token(claims)) }
    }

    @Test(
        "without a time, with one outside of the tolerance, or after its end is stale",
        arguments: [
            [:], ["iat": -301], ["iat": 301], ["nbf": 301], ["iat": 0, "exp": 0], ["iat": 0, "exp": -1], ["exp": 301],
            ["iat": -301, "exp": 60],
        ]
    )
    func times(offsets: [String: Int64]) {
        var claims = Self.claims
        claims["iat"] = nil
        for (name, offset) in offsets { claims[name] = .integer(Self.now + offset) }
        #expect(throws: ReceiptRefusal.stale) { try read("Bearer " + token(claims)) }
    }

    @Test("that is no token is refused", arguments: ["", "a", "a.b", "a.b.c", "a.b.c.d", "..", "é.é.é"])
    func nonsense(text: String) {
        #expect(throws: ReceiptRefusal.notAuthentic) { try read("Bearer " + text) }
        #expect(throws: ReceiptRefusal.notAuthentic) { try read("Basic " + token(Self.claims)) }
        #expect(throws: ReceiptRefusal.notAuthentic) { try read(token(Self.claims)) }
    }
}
