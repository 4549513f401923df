import Clocks
import Deliveries
import SMSGateways
import Spend
import TestSupport
import Testing
import Transfer

@testable import Carrier

@Suite("The answer of a gateway behind an HTTP API", .timeLimit(.minutes(12)))
struct AnswerTests {
    struct Line: Sendable, CustomTestStringConvertible {
        var settings = Lab.plain
        var status: Int
        var body = #"{"id":"m1"}"#
        var headers: [String] = []
        var outcome: Outcome
        var code: String?
        var reference: String?
        var wait: Duration?
        var testDescription: String { "\(status) \(headers.joined()) \(body.prefix(50)): \(outcome.name)" }
    }

    private static let vonage = """
        kind = "http"
        content_type = "form"
        body = "to={{to}}&text={{text}}"
        accepted = ["/messages/0/status=0"]
        throttled = [429, "/messages/0/status=1"]
        unreachable = ["/messages/0/status=4"]
        refused = ["/messages/0/status=6"]
        reference = "/messages/0/message-id"
        code = "/messages/0/status"
        """

    static let plain = [
        Line(status: 201, outcome: .accepted, code: "201", reference: "m1"),
        Line(status: 200, body: #"{"id":4815162342}"#, outcome: .accepted, code: "200", reference: "4815162342"),
        Line(status: 202, body: #"{"id":null}"#, outcome: .accepted, code: "202"),
        Line(status: 202, body: "{}", outcome: .accepted, code: "202"),
        Line(status: 200, body: "<html>Welcome</html>", outcome: .unknown, code: "unclear_answer"),
        Line(status: 201, body: #"{"id":"m1""#, outcome: .unknown, code: "unclear_answer"),
        Line(status: 201, body: "", outcome: .unknown, code: "unclear_answer"),
        Line(status: 400, outcome: .refused, code: "400"),
        Line(status: 404, body: "<html>", outcome: .refused, code: "404"),
        Line(status: 429, outcome: .throttled, code: "429"),
        Line(status: 429, headers: ["Retry-After: 7"], outcome: .throttled, code: "429", wait: .seconds(7)),
        Line(status: 429, headers: ["Retry-After: soon"], outcome: .throttled, code: "429"),
        Line(
            status: 429,
            headers: ["Retry-After: 99999999999999999999"],
            outcome: .throttled,
            code: "429",
            wait: .seconds(86_400)
        ),
        Line(status: 500, outcome: .retry, code: "500"),
        Line(status: 503, headers: ["retry-after: 120"], outcome: .retry, code: "503", wait: .seconds(120)),
        Line(status: 301, headers: ["Location: /x"], outcome: .retry, code: "unreachable"),
        Line(status: 308, headers: ["Location: /x"], outcome: .retry, code: "unreachable"),
        Line(status: 303, headers: ["Location: /x"], outcome: .unknown, code: "unclear_answer"),
    ]

    static let byMembers = [
        Line(
            settings: vonage,
            status: 200,
            body: #"{"messages":[{"status":"0","message-id":"0A"}]}"#,
            outcome: .accepted,
            code: "0",
            reference: "0A"
        ),
        Line(settings: vonage, status: 200, body: #"{"messages":[{"status":1}]}"#, outcome: .throttled, code: "1"),
        Line(settings: vonage, status: 200, body: #"{"messages":[{"status":"6"}]}"#, outcome: .refused, code: "6"),
        Line(
            settings: vonage,
            status: 200,
            body: #"{"messages":[{"status":"4"}]}"#,
            outcome: .retry,
            code: "unreachable"
        ),
        Line(
            settings: vonage,
            status: 200,
            body: #"{"messages":[{"status":"5"}]}"#,
            outcome: .unknown,
            code: "unclear_answer"
        ),
        Line(settings: vonage, status: 200, body: "no JSON", outcome: .unknown, code: "unclear_answer"),
        Line(settings: vonage, status: 418, body: "{}", outcome: .retry, code: "418"),
    ]

    static let twilio = [
        Line(
            settings: Lab.twilio,
            status: 201,
            body: #"{"sid":"SMaa","status":"queued","price":null,"price_unit":"USD","to":"+12015550123"}"#,
            outcome: .accepted,
            code: "201",
            reference: "SMaa"
        ),
        Line(
            settings: Lab.twilio,
            status: 400,
            body: #"{"code":21211,"message":"m","status":400}"#,
            outcome: .refused,
            code: "21211"
        ),
        Line(
            settings: Lab.twilio,
            status: 400,
            body: #"{"code":21610,"message":"m","status":400}"#,
            outcome: .refused,
            code: "21610"
        ),
        Line(
            settings: Lab.twilio,
            status: 400,
            body: #"{"code":20429,"message":"m"}"#,
            outcome: .throttled,
            code: "20429"
        ),
        Line(
            settings: Lab.twilio,
            status: 429,
            body: #"{"code":20429,"message":"Too Many Requests","status":429}"#,
            headers: ["Retry-After: 3"],
            outcome: .throttled,
            code: "20429",
            wait: .seconds(3)
        ),
        Line(
            settings: Lab.twilio,
            status: 401,
            body: #"{"code":20003,"message":"Authenticate"}"#,
            outcome: .retry,
            code: "unreachable"
        ),
        Line(
            settings: Lab.twilio,
            status: 403,
            body: #"{"code":20005,"message":"m"}"#,
            outcome: .retry,
            code: "unreachable"
        ),
        Line(
            settings: Lab.twilio,
            status: 400,
            body: #"{"code":30002,"message":"m"}"#,
            outcome: .retry,
            code: "unreachable"
        ),
        Line(settings: Lab.twilio, status: 404, body: "<html>", outcome: .retry, code: "unreachable"),
        Line(settings: Lab.twilio, status: 500, body: #"{"code":20500,"message":"m"}"#, outcome: .retry, code: "20500"),
        Line(settings: Lab.twilio, status: 503, body: "<html>", outcome: .retry, code: "503"),
        Line(settings: Lab.twilio, status: 201, body: "<html>", outcome: .unknown, code: "unclear_answer"),
    ]

    @Test("means what the table says", arguments: plain + byMembers + twilio)
    func means(line: Line) async throws {
        let lab = try Lab()
        let peer = try HTTPPeer(script: [.json(line.status, line.body, headers: line.headers)])
        defer { peer.stop() }
        let handOver = await (try lab.gateway(line.settings, at: peer.base)).handOver(lab.claim())
        #expect(handOver.outcome == line.outcome)
        #expect(handOver.code == line.code)
        #expect(handOver.gatewayReference == line.reference)
        #expect(handOver.retryAfter == line.wait)
        #expect(peer.requests.count == 1)
        await lab.transfers.shutdown()
    }

    @Test(
        "says when to come again with a date, too, by the wall clock",
        arguments: [
            ("Fri, 21 Nov 2025 10:01:30 GMT", Duration.seconds(90)), ("Friday, 21-Nov-25 10:01:30 GMT", .seconds(90)),
            ("Fri Nov 21 10:01:30 2025", .seconds(90)), ("Fri, 21 Nov 2025 09:00:00 GMT", .zero),
            ("Sun, 21 Nov 2027 10:00:00 GMT", .seconds(86_400)),
        ]
    )
    func retryDates(date: String, wait: Duration) async throws {
        let lab = try Lab()
        let peer = try HTTPPeer(script: [.json(429, "{}", headers: ["Retry-After: \(date)"])])
        defer { peer.stop() }
        let handOver = await (try lab.gateway(Lab.plain, at: peer.base)).handOver(lab.claim())
        #expect(handOver.retryAfter == wait)
        await lab.transfers.shutdown()
    }

    @Test(
        "tells what is billed, as a text or a number, negative or not, where the currency is known",
        arguments: [
            (#""/cur""#, #"{"id":"m","p":"-0.00750","cur":"USD"}"#, "0.0075 USD"),
            (#""/cur""#, #"{"id":"m","p":0.0079,"cur":"EUR"}"#, "0.0079 EUR"),
            (#""/cur""#, #"{"id":"m","p":-2,"cur":"USD"}"#, "2.00 USD"),
            (#""/cur""#, #"{"id":"m","p":"0.00750000000","cur":"USD"}"#, "0.0075 USD"),
            (#""/cur""#, #"{"id":"m","p":0.00001,"cur":"USD"}"#, "0.00001 USD"),
            (#""USD""#, #"{"id":"m","p":"0.1"}"#, "0.10 USD"), (#""/cur""#, #"{"id":"m","p":"0.1"}"#, nil),
            (#""/cur""#, #"{"id":"m","p":"0.1","cur":"dollars"}"#, nil), (#""USD""#, #"{"id":"m","p":null}"#, nil),
            (#""USD""#, #"{"id":"m","p":"free"}"#, nil), (#""USD""#, #"{"id":"m","p":1e300}"#, nil),
        ] as [(String, String, String?)]
    )
    func prices(currency: String, body: String, expected: String?) async throws {
        let lab = try Lab()
        let peer = try HTTPPeer(script: [.json(200, body)])
        defer { peer.stop() }
        let lines = Lab.plain + "\nprice = \"/p\"\ncurrency = \(currency)"
        let handOver = await (try lab.gateway(lines, at: peer.base)).handOver(lab.claim())
        #expect(handOver.outcome == .accepted)
        #expect(handOver.price?.description == expected)
        await lab.transfers.shutdown()
    }

    @Test("is kept in the gateway's own words, which the settings may point to")
    func words() async throws {
        let lab = try Lab()
        let body = #"{"code":21211,"message":"Invalid 'To' number","more_info":"https://example.com"}"#
        let peer = try HTTPPeer(script: [.json(400, body), .json(400, body), .json(400, "plain words")])
        defer { peer.stop() }
        let twilio = try lab.gateway(Lab.twilio, at: peer.base)
        let plain = try lab.gateway(Lab.plain, at: peer.base)
        #expect(await twilio.handOver(lab.claim()).detail == "HTTP 400: Invalid 'To' number")
        #expect(await plain.handOver(lab.claim()).detail == "HTTP 400: \(body)")
        #expect(await plain.handOver(lab.claim()).detail == "HTTP 400: plain words")
        await lab.transfers.shutdown()
    }

    @Test("never tells the secret that the gateway was logged in to with")
    func secrets() async throws {
        let lab = try Lab()
        let login = "QUNhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYTp0b2tlbg=="
        let body = #"{"code":"token","message":"token and Basic \#(login) are wrong"}"#
        let peer = try HTTPPeer(script: [.json(400, body), .json(201, #"{"sid":"my-token"}"#)])
        defer { peer.stop() }
        let gateway = try lab.gateway(Lab.twilio, at: peer.base)
        let refused = await gateway.handOver(lab.claim())
        #expect(refused.detail == "HTTP 400: *** and Basic *** are wrong")
        #expect(refused.code == nil)
        #expect(await gateway.handOver(lab.claim()).gatewayReference == nil)
        await lab.transfers.shutdown()
    }
}
