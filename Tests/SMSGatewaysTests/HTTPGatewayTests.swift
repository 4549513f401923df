import Clocks
import Deliveries
import Foundation
import JSON
import SMSGateways
import TestSupport
import Testing
import Transfer

@testable import Carrier

@Suite("A request to a gateway behind an HTTP API", .timeLimit(.minutes(12)))
struct HTTPGatewayTests {
    private let lab: Lab

    init() throws { lab = try Lab() }

    /// What Twilio's own Python library sends.
    private func vector() throws -> JSONValue {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Vectors/gateway-requests.json")
        let vectors = try JSONValue(parsing: [UInt8](try Data(contentsOf: file)), depth: 32)
        return try #require(vectors["twilio"])
    }

    private func sent(_ lines: String, _ claim: Claim) async throws -> HTTPPeer.Request {
        let peer = try HTTPPeer(script: [.json(201, #"{"sid":"SM1","id":"m1"}"#)])
        defer { peer.stop() }
        let handOver = await (try lab.gateway(lines, at: peer.base)).handOver(claim)
        #expect(handOver.outcome == .accepted)
        await lab.transfers.shutdown()
        return try #require(peer.requests.first)
    }

    @Test("to Twilio is the one that Twilio's own library makes, with the validity period besides")
    func twilio() async throws {
        let vector = try vector()
        var claim = lab.claim()
        claim.message.callbackURL = "https://hooks.example.com/t"
        let request = try await sent(Lab.twilio, claim)
        let url = try #require(vector["url"]?.string)
        let path = url.replacing("https://api.twilio.com", with: "")
        #expect(request.line == "\(vector["method"]?.string ?? "") \(path) HTTP/1.1")
        for name in ["Accept", "Content-Type", "Authorization"] {
            #expect(request.field(name.lowercased()) == vector["headers"]?[name]?.string)
        }
        let expected = try #require(vector["body"]?.string) + "&ValidityPeriod=300"
        #expect(Set(request.text.split(separator: "&")) == Set(expected.split(separator: "&")))
    }

    @Test("to Twilio has no callback where the message has none")
    func twilioWithoutCallback() async throws {
        let request = try await sent(Lab.twilio, lab.claim())
        #expect(!request.text.contains("StatusCallback"))
    }

    @Test(
        "to Twilio names a period that Twilio takes",
        arguments: [(90_061, 36_000), (90, 90), (1, 1), (0, 1), (-7, 1)]
    )
    func twilioValidity(seconds: Int64, sent expected: Int64) async throws {
        var claim = lab.claim()
        claim.validUntil = lab.time.boot() + .seconds(seconds)
        let request = try await sent(Lab.twilio, claim)
        #expect(request.text.split(separator: "&").contains("ValidityPeriod=\(expected)"))
    }

    @Test("names the life that is left at the hand-over, rounded down")
    func validity() async throws {
        let claim = lab.claim()
        lab.time.pass(.milliseconds(100_001))
        let lines = """
            kind = "http"
            body = '{"ttl":{{valid_for_seconds}}}'
            """
        #expect(try await sent(lines, claim).text == #"{"ttl":199}"#)
    }

    @Test("of JSON says what the settings say, whatever the text holds")
    func json() async throws {
        let lines = """
            kind = "http"
            path = "/v1/{{account}}/send?ref={{reference}}"
            method = "PUT"
            account = "a/b c"
            secret = "s3cret"
            headers = { Authorization = "Bearer {{secret}}", X-From = "{{from}}" }
            body = '{"to":["{{to}}"],"text":"{{text}}"{{#callback_url}},"url":"{{callback_url}}"{{/callback_url}}}'
            """
        let text = "\"quoted\" \\ back\r\nnext\ttab \u{1} 👋 ż </script>"
        var claim = lab.claim(text: text)
        claim.attempt = "at_ä&=1"
        let request = try await sent(lines, claim)
        #expect(request.line == "PUT /v1/a%2Fb%20c/send?ref=at_%C3%A4%26%3D1 HTTP/1.1")
        #expect(request.field("authorization") == "Bearer s3cret")
        #expect(request.field("x-from") == "+15005550006")
        #expect(request.field("content-type") == "application/json")
        let expected: JSONValue = ["to": ["+12015550123"], "text": .string(text)]
        #expect(try JSONValue(parsing: request.body) == expected)
    }

    @Test("that would get a second header field from its message is not sent, and the message refused")
    func headerInjection() async throws {
        let peer = try HTTPPeer()
        defer { peer.stop() }
        let gateway = try lab.gateway(Lab.plain + "\nheaders = { X-Text = \"{{text}}\" }", at: peer.base)
        let handOver = await gateway.handOver(lab.claim(text: "a\r\nX-Evil: 1"))
        #expect(handOver.outcome == .refused)
        #expect(handOver.code == "invalid_message")
        #expect(peer.requests.isEmpty)
        await lab.transfers.shutdown()
    }
}
