import Carrier
import Clocks
import Deliveries
import JSON
import Link
import Spend
import TestSupport
import Testing
import Transfer

@Suite("The server's endpoints, as a carrier calls them", .timeLimit(.minutes(12)))
struct RemotePostOfficeTests {
    private let folder: TemporaryFolder
    private let transfers = Transfers()
    private let time = ManualTime()

    init() throws { folder = try TemporaryFolder() }

    private func office(_ peer: HTTPPeer, channel: String = "sms") -> RemotePostOffice {
        RemotePostOffice(
            link: ServerLink(to: .socket(path: folder.file("s")), transfers: transfers),
            channel: channel,
            carrier: "sms-worker",
            instance: "i1",
            time: time
        )
    }

    private func peer(_ answers: String...) throws -> HTTPPeer {
        try HTTPPeer(unixSocket: folder.file("s"), script: answers.map { .json(200, $0) })
    }

    private func body(_ peer: HTTPPeer, _ index: Int = 0) throws -> JSONValue {
        try JSONValue(parsing: peer.requests[index].body)
    }

    private static func claim(price: String, callback: String = "null") -> String {
        """
        {"claims":[{"token":"tk","task":"send","delivery":"dl_1","attempt":"at_1","gateway":"sms-main",\
        "purpose":"mfa","tenant":"default","lease_ms":5000,"send_within_ms":240000,"valid_for_ms":270000,\
        "timeout_ms":10000,"message":{"to":"+12025550123","from":"Cruddur","text":"482913","subject":null,\
        "html":null,"message_id":null,"callback_url":\(callback),"code":null},"price":\(price)}]}
        """
    }

    private func claim(_ peer: HTTPPeer, limit: Int, hasFew: Bool = false) async throws -> ClaimAnswer {
        try await office(peer).claim(
            at: ["sms-main"],
            limit: limit,
            inHandBelow: nil,
            hasFew: hasFew,
            wait: .zero
        )
    }

    /// The only claim of an answer.
    private func claim(_ peer: HTTPPeer) async throws -> Claim {
        let tasks = try await claim(peer, limit: 1).tasks
        guard case .send(let claim) = tasks.first, tasks.count == 1 else { throw NoClaim() }
        return claim
    }

    private struct NoClaim: Error {}

    @Test("tell that somebody has few in hand, and hear it of others")
    func tellOfFew() async throws {
        let peer = try peer(#"{"claims":[],"others_have_few":true}"#, #"{"claims":[]}"#)
        defer { peer.stop() }
        #expect(try await claim(peer, limit: 1).haveOthersFew == true)
        #expect(try await claim(peer, limit: 1, hasFew: true).haveOthersFew == false)
        #expect(try body(peer, 0)["has_few"] == nil)
        #expect(try body(peer, 1)["has_few"] == true)
    }

    @Test(
        "tell how urgent they are",
        arguments: [(TaskPriority.high, ["u=1"]), (.medium, []), (.low, ["u=5"])]
    )
    func tellUrgency(priority: TaskPriority, urgency: [String]) async throws {
        let peer = try peer(#"{"results":["go"]}"#)
        defer { peer.stop() }
        let office = office(peer)
        let results = await withCheckedContinuation { continuation in
            // Nobody waits for its value, which would lend it another priority.
            Task(priority: priority) {
                continuation.resume(returning: try? await office.begin([BeginItem(token: "tk")]))
            }
        }
        #expect(results == ["go"])
        let fields = peer.requests[0].head.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("Priority:") }
        #expect(fields.map { $0.dropFirst(10) } == urgency.map { $0[...] })
        await transfers.shutdown()
    }

    @Test("a claim has its price, its period and the address for receipts")
    func readsClaim() async throws {
        let price = """
            {"unit_price":"0.0079","fee":"0.003","currency":"USD","price_version":"2026-01","segments":1,"encoding":"GSM-7"}
            """
        let peer = try peer(Self.claim(price: price, callback: "\"https://post.example.com/r/at_1\""))
        defer { peer.stop() }
        let claim = try await claim(peer)
        #expect(claim.price?.unitPrice == 7900)
        #expect(claim.price?.fee == 3000)
        #expect(claim.price?.currency.description == "USD")
        #expect(claim.price?.version == "2026-01")
        #expect(claim.validUntil == time.boot() + .milliseconds(270_000))
        #expect(claim.message.callbackURL == "https://post.example.com/r/at_1")
        #expect(try body(peer)["channel"] == "sms")
        await transfers.shutdown()
    }

    @Test(
        "a price that lacks what a sum needs is none",
        arguments: [
            "null", #"{"unit_price":"0.1","fee":"0","segments":1,"encoding":"GSM-7"}"#,
            #"{"unit_price":"-0.1","fee":"0","currency":"USD","segments":1,"encoding":"GSM-7"}"#,
            #"{"unit_price":"0.1","fee":"0","currency":"dollars","segments":1,"encoding":"GSM-7"}"#,
        ]
    )
    func readsNoPrice(price: String) async throws {
        let peer = try peer(Self.claim(price: price))
        defer { peer.stop() }
        let claim = try await claim(peer)
        #expect(claim.price == nil)
        #expect(claim.message.callbackURL == nil)
        await transfers.shutdown()
    }

    @Test("a question and a probe are read as such; what is no task of this carrier, or lacks something, is left alone")
    func readsTasks() async throws {
        let peer = try peer(
            """
            {"claims":[{"token":"q","task":"ask","delivery":"dl_1","attempt":"at_1","gateway":"sms-main","purpose":"mfa",\
            "tenant":"default","lease_ms":15000,"timeout_ms":10000,"gateway_reference":"SM1","message":{"to":"+12025550123"}},\
            {"token":"r","task":"ask","delivery":"dl_2","attempt":"at_2","gateway":"sms-main","lease_ms":15000,\
            "timeout_ms":10000,"gateway_reference":null,"message":{"to":"+12025550123"}},\
            {"token":"p","task":"probe","gateway":"sms-main","lease_ms":15000,"timeout_ms":10000},\
            {"token":"n","task":"report","gateway":"sms-main","lease_ms":15000,"timeout_ms":10000},\
            {"token":"m","task":"ask","gateway":"sms-main","lease_ms":15000,"timeout_ms":10000}]}
            """
        )
        defer { peer.stop() }
        let tasks = try await claim(peer, limit: 9).tasks
        let lease = time.boot() + .seconds(15)
        var question = Question(
            token: "q",
            delivery: "dl_1",
            attempt: "at_1",
            gateway: "sms-main",
            leasedUntil: lease,
            timeout: .seconds(10),
            gatewayReference: "SM1",
            to: "+12025550123"
        )
        let probe = Probe(token: "p", gateway: "sms-main", leasedUntil: lease, timeout: .seconds(10))
        #expect(tasks.count == 3)
        #expect(tasks.first == .ask(question))
        (question.token, question.delivery, question.attempt) = ("r", "dl_2", "at_2")
        question.gatewayReference = nil
        #expect(tasks.dropFirst().first == .ask(question))
        #expect(tasks.last == .probe(probe))
        await transfers.shutdown()
    }

    @Test("a begin says what was counted and priced, for a mail the token alone")
    func writesBegin() async throws {
        let peer = try peer(#"{"results":["go","mismatch"]}"#)
        defer { peer.stop() }
        let currency = try #require(Currency("USD"))
        let quote = Quote(segments: 2, encoding: "UCS-2", amount: Money(micros: 15_800, currency: currency))
        let items = [BeginItem(token: "a", quote: quote), BeginItem(token: "b")]
        #expect(try await office(peer).begin(items) == ["go", "mismatch"])
        let expected = """
            {"items":[{"token":"a","segments":2,"encoding":"UCS-2","amount":"0.0158","currency":"USD"},{"token":"b"}]}
            """
        #expect(try body(peer) == JSONValue(parsing: Array(expected.utf8)))
        await transfers.shutdown()
    }

    @Test("a begin says what became of the messages before on the same connections, where that is not stored")
    func writesOutcomesWithBegins() async throws {
        let peer = try peer(#"{"results":["go","go"],"settled":["applied"]}"#)
        defer { peer.stop() }
        let report = Report(token: "a", handOver: HandOver(.accepted, gatewayReference: "queued", code: "250"))
        let items = [BeginItem(token: "b", behind: report), BeginItem(token: "c")]
        #expect(try await office(peer).begin(items) == ["go", "go"])
        let expected = """
            {"items":[{"token":"b"},{"token":"c"}],\
            "outcomes":[{"token":"a","result":"accepted","gateway_reference":"queued","code":"250"}]}
            """
        #expect(try body(peer) == JSONValue(parsing: Array(expected.utf8)))
        await transfers.shutdown()
    }

    @Test("a settle says what the gateway bills, where it said so")
    func writesSettle() async throws {
        let peer = try peer(#"{"results":["applied","applied"]}"#)
        defer { peer.stop() }
        let currency = try #require(Currency("EUR"))
        try await office(peer).settle([
            Report(
                token: "a",
                handOver: HandOver(
                    .accepted,
                    gatewayReference: "SM1",
                    code: "201",
                    price: Money(micros: 7500, currency: currency)
                )
            ),
            Report(
                token: "b",
                handOver: HandOver(.throttled, code: "429", detail: "HTTP 429", retryAfter: .seconds(7))
            ),
        ])
        let expected = """
            {"outcomes":[{"token":"a","result":"accepted","gateway_reference":"SM1","code":"201",\
            "price":{"amount":"0.0075","currency":"EUR"}},\
            {"token":"b","result":"throttled","code":"429","detail":"HTTP 429","retry_after_ms":7000}]}
            """
        #expect(try body(peer) == JSONValue(parsing: Array(expected.utf8)))
        await transfers.shutdown()
    }
}
