import Carrier
import Deliveries
import SMSGateways
import Spend
import TestSupport
import Testing
import Transfer

@Suite("A gateway that is asked what became of a message", .timeLimit(.minutes(12)))
struct AskingTests {
    static let byReference =
        Lab.plain + """

            headers = { Authorization = "Bearer {{secret}}" }
            secret = "sesame"
            ask.path = "/{{reference}}"
            ask.accepted = ["/state=sent", "/state=delivered"]
            ask.refused = ["/state=failed"]
            ask.unsent = ["/state=never", 410]
            ask.unknown = ["/state=lost"]
            ask.reference = "/id"
            ask.price = "/cost"
            ask.currency = "USD"
            ask.code = "/error"
            ask.detail = "/words"
            """

    struct Line: Sendable, CustomTestStringConvertible {
        var status: Int
        var body: String
        var headers: [String] = []
        var outcome: Outcome
        var code: String?
        var reference: String?
        var detail: String?
        var wait: Duration?
        var testDescription: String { "\(status) \(body)" }
    }

    static let lines = [
        Line(
            status: 200,
            body: #"{"state":"sent","id":"m9","error":null}"#,
            outcome: .accepted,
            code: "200",
            reference: "m9"
        ),
        Line(status: 200, body: #"{"state":"delivered"}"#, outcome: .accepted, code: "200", reference: "m1"),
        Line(
            status: 200,
            body: #"{"state":"failed","error":30005,"words":"unknown handset","text":"Hello Bobby"}"#,
            outcome: .refused,
            code: "30005",
            detail: "HTTP 200: unknown handset"
        ),
        Line(status: 200, body: #"{"state":"never"}"#, outcome: .retry, code: "200", detail: "HTTP 200"),
        Line(status: 410, body: "gone", outcome: .retry, code: "410", detail: "HTTP 410"),
        Line(status: 200, body: #"{"state":"lost"}"#, outcome: .unknown, code: "200", detail: "HTTP 200"),
        Line(status: 200, body: #"{"state":"other"}"#, outcome: .unknown, code: "unclear_answer", detail: "HTTP 200"),
        Line(status: 200, body: "Hello Bobby", outcome: .unknown, code: "unclear_answer", detail: "HTTP 200"),
        // It may know of the message a moment later.
        Line(status: 404, body: "{}", outcome: .unknown, code: "unclear_answer", detail: "HTTP 404"),
        Line(status: 302, body: "", outcome: .unknown, code: "unclear_answer", detail: "HTTP 302"),
        Line(status: 401, body: "{}", outcome: .released, code: "401", detail: "HTTP 401", wait: .seconds(10)),
        Line(status: 503, body: "", outcome: .released, code: "503", detail: "HTTP 503", wait: .seconds(10)),
        Line(
            status: 503,
            body: "",
            headers: ["Retry-After: 60"],
            outcome: .released,
            code: "503",
            detail: "HTTP 503",
            wait: .seconds(60)
        ),
        Line(
            status: 429,
            body: "{}",
            headers: ["Retry-After: 7"],
            outcome: .throttled,
            code: "429",
            detail: "HTTP 429",
            wait: .seconds(7)
        ),
    ]

    @Test("answers what the settings' lists say, and keeps no words but those that they point to", arguments: lines)
    func means(line: Line) async throws {
        let lab = try Lab()
        let peer = try HTTPPeer(script: [.json(line.status, line.body, headers: line.headers)])
        defer { peer.stop() }
        let answer = await (try lab.gateway(Self.byReference, at: peer.base)).ask(lab.question(reference: "m1"))
        #expect(answer.outcome == line.outcome)
        #expect(answer.code == line.code)
        #expect(answer.gatewayReference == line.reference)
        #expect(answer.detail == line.detail)
        #expect(answer.retryAfter == line.wait)
        let request = try #require(peer.requests.first)
        #expect(request.line == "GET /at_1 HTTP/1.1")
        #expect(request.field("authorization") == "Bearer sesame")
        #expect(request.body.isEmpty)
        #expect(peer.requests.count == 1)
        await lab.transfers.shutdown()
    }

    @Test("tells what it bills")
    func bills() async throws {
        let lab = try Lab()
        let body = #"{"state":"sent","cost":"-0.0075"}"#
        let failed = #"{"state":"failed","cost":0.002}"#
        let peer = try HTTPPeer(script: [.json(200, body), .json(200, failed)])
        defer { peer.stop() }
        let gateway = try lab.gateway(Self.byReference, at: peer.base)
        #expect(await gateway.ask(lab.question()).price?.description == "0.0075 USD")
        #expect(await gateway.ask(lab.question()).price?.description == "0.002 USD")
        await lab.transfers.shutdown()
    }

    @Test(
        "that does not answer is asked again later",
        arguments: [
            (HTTPPeer.Reaction.close, Outcome.released, "no_answer"), (.silence, .released, "no_answer"),
            (
                .answer("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + String(repeating: " ", count: 300_000)),
                .unknown, "unclear_answer"
            ),
        ]
    )
    func silent(reaction: HTTPPeer.Reaction, outcome: Outcome, code: String) async throws {
        let lab = try Lab()
        // A GET whose connection closed is repeated once, which changes nothing.
        let peer = try HTTPPeer(script: [reaction, reaction])
        defer { peer.stop() }
        let gateway = try lab.gateway(Self.byReference, at: peer.base)
        let answer = await gateway.ask(lab.question(timeout: .seconds(10)))
        #expect((answer.outcome, answer.code) == (outcome, code))
        #expect(answer.retryAfter == (outcome == .released ? .seconds(10) : nil))
        await lab.transfers.shutdown()
    }

    @Test("where nobody listens is asked again later")
    func unreachable() async throws {
        let lab = try Lab()
        let answer = await (try lab.gateway(Self.byReference, at: "http://127.0.0.1:1")).ask(lab.question())
        #expect((answer.outcome, answer.code) == (.released, "unreachable"))
        await lab.transfers.shutdown()
    }

    @Test("by its own name for the message says unknown at once where it never told one")
    func needsReference() async throws {
        let lab = try Lab()
        let peer = try HTTPPeer()
        defer { peer.stop() }
        let gateway = try lab.gateway(Lab.twilio, at: peer.base)
        for reference in [nil, ""] {
            let answer = await gateway.ask(lab.question(reference: reference))
            #expect(answer == HandOver(.unknown, code: "no_reference"))
        }
        #expect(peer.connections == 0)
        await lab.transfers.shutdown()
    }

    @Test("and whose settings have no question cannot say")
    func withoutQuestion() async throws {
        let lab = try Lab()
        let gateway = try lab.gateway(Lab.plain, at: "http://127.0.0.1:1")
        #expect(await gateway.ask(lab.question()) == HandOver(.unknown, code: "cannot_be_asked"))
        await lab.transfers.shutdown()
    }

    @Test(
        "as Twilio is, by its SID, tells what Twilio's status means",
        arguments: [
            ("queued", Outcome.accepted), ("sending", .accepted), ("sent", .accepted), ("delivered", .accepted),
            ("accepted", .accepted), ("failed", .refused), ("undelivered", .refused), ("canceled", .refused),
            ("partially_delivered", .unknown),
        ]
    )
    func twilio(status: String, outcome: Outcome) async throws {
        let lab = try Lab()
        let code = outcome == .refused ? "30003" : "null"
        let words = outcome == .refused ? #""Unreachable destination handset""# : "null"
        let body = """
            {"sid":"SMbb","status":"\(status)","error_code":\(code),"error_message":\(words),"price":"-0.00750",\
            "price_unit":"USD","to":"+12015550123","body":"Your code is 482913"}
            """
        let peer = try HTTPPeer(script: [.json(200, body), .json(404, #"{"code":20404,"message":"not found"}"#)])
        defer { peer.stop() }
        let gateway = try lab.gateway(Lab.twilio, at: peer.base)
        let answer = await gateway.ask(lab.question(reference: "SM/bb"))
        #expect(answer.outcome == outcome)
        #expect(answer.price?.description == (outcome == .unknown ? nil : "0.0075 USD"))
        #expect(answer.gatewayReference == (outcome == .accepted ? "SMbb" : nil))
        if outcome == .refused {
            #expect(answer.code == "30003")
            #expect(answer.detail == "HTTP 200: Unreachable destination handset")
        }
        #expect(answer.detail?.contains("482913") != true)
        let request = try #require(peer.requests.first)
        #expect(
            request.line
                == "GET /2010-04-01/Accounts/ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Messages/SM%2Fbb.json HTTP/1.1"
        )
        #expect(request.field("authorization")?.hasPrefix("Basic ") == true)
        #expect(await gateway.ask(lab.question(reference: "SMcc")).outcome == .unknown)
        await lab.transfers.shutdown()
    }

    @Test("by POST fills its body in, escaped")
    func posts() async throws {
        let lab = try Lab()
        let lines =
            Lab.plain + """

                ask.path = "/search"
                ask.method = "POST"
                ask.headers = { X-Of = "{{reference}}" }
                ask.body = '{"to":"{{to}}"{{#gateway_reference}},"id":"{{gateway_reference}}"{{/gateway_reference}}}'
                ask.accepted = [200]
                """
        let peer = try HTTPPeer(script: [.json(200, "{}"), .json(200, "{}")])
        defer { peer.stop() }
        let gateway = try lab.gateway(lines, at: peer.base)
        #expect(await gateway.ask(lab.question()).outcome == .accepted)
        #expect(await gateway.ask(lab.question(reference: "a\"b")).gatewayReference == "a\"b")
        #expect(peer.requests.map(\.text) == [#"{"to":"+12015550123"}"#, #"{"to":"+12015550123","id":"a\"b"}"#])
        #expect(peer.requests[0].line == "POST /search HTTP/1.1")
        #expect(peer.requests[0].field("x-of") == "at_1")
        #expect(peer.requests[0].field("content-type") == "application/json")
        await lab.transfers.shutdown()
    }

    @Test("never tells the secret that it was logged in to with")
    func secrets() async throws {
        let lab = try Lab()
        let body = #"{"state":"failed","error":"sesame","words":"sesame is wrong","id":"x"}"#
        let peer = try HTTPPeer(script: [.json(200, body), .json(200, #"{"state":"sent","id":"sesame"}"#)])
        defer { peer.stop() }
        let gateway = try lab.gateway(Self.byReference, at: peer.base)
        let refused = await gateway.ask(lab.question())
        #expect(refused.detail == "HTTP 200: *** is wrong")
        #expect(refused.code == nil)
        #expect(await gateway.ask(lab.question()).gatewayReference == nil)
        await lab.transfers.shutdown()
    }

    @Test("is tried by a connection that no request goes over")
    func probed() async throws {
        let lab = try Lab()
        let peer = try HTTPPeer()
        let gateway = try lab.gateway(Lab.twilio, at: peer.base)
        #expect(await gateway.probe(timeout: .seconds(10)) == HandOver(.accepted))
        // The peer's own thread counts it, a moment after the kernel took it.
        while peer.connections == 0 { await Task.yield() }
        #expect((peer.connections, peer.requests.count) == (1, 0))
        peer.stop()
        let nobody = try lab.gateway(Lab.twilio, at: "http://127.0.0.1:1")
        let answer = await nobody.probe(timeout: .seconds(10))
        #expect((answer.outcome, answer.code) == (.retry, "unreachable"))
        let https = try lab.gateway(Lab.twilio, at: peer.base.replacing("http:", with: "https:"))
        #expect(await https.probe(timeout: .seconds(10)).outcome != .accepted)
        await lab.transfers.shutdown()
    }
}
