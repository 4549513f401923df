import Foundation
import JSON
import Testing

@Suite("The metrics", .timeLimit(.minutes(12)))
struct MetricsTests {
    /// Type and labels, as they are promised to whoever watches.
    static let contract = [
        "gatepost_events_total": "counter", "gatepost_deliveries": "gauge", "gatepost_delivery_seconds": "histogram",
        "gatepost_oldest_ready_seconds": "gauge", "gatepost_attempts_total": "counter",
        "gatepost_spend_micros_total": "counter", "gatepost_budget_used_ratio": "gauge",
        "gatepost_limit_refusals_total": "counter", "gatepost_verifications_total": "counter",
        "gatepost_store_commit_seconds": "histogram", "gatepost_store_batch_size": "histogram",
        "gatepost_wal_bytes": "gauge", "gatepost_store_page_reads_total": "counter", "gatepost_carriers": "gauge",
        "gatepost_build_info": "gauge",
        "process_start_time_seconds": "gauge", "process_resident_memory_bytes": "gauge",
    ]

    /// With a gateway for text messages, the sandbox for mails, and budgets of which one counts each tenant apart.
    private static var settings: TextSettings {
        var settings = TextSettings()
        settings.budgets = [("month", "1.00")]
        settings.hasSandbox = true
        settings.tables = [
            "[[tenants]]\nname = \"shop\"",
            "[[budgets]]\nname = \"each\"\nscope = \"tenant\"\nperiod = \"month\"\nlimit = \"0.10 USD\"",
        ]
        return settings
    }

    @Test("have exactly the names and types that are promised, also before anything has happened")
    func names() async throws {
        try await Installation.texting(Self.settings) { post, _ in
            _ = try await post.server()
            let answer = try await post.call("GET", "/metrics")
            #expect(answer.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
            let scrape = try Scrape(answer)
            #expect(scrape.types == Self.contract)
            #expect(scrape["gatepost_budget_used_ratio", #"budget="each""#] == "0.0")
            #expect(scrape["gatepost_attempts_total", #"gateway="sandbox-email",outcome="accepted""#] == "0")
            #expect(scrape["gatepost_build_info", #"version="0.1.0""#] == "1")
            #expect(abs(scrape.number("process_start_time_seconds") - Date.now.timeIntervalSince1970) < 600)
            #expect(scrape.number("process_resident_memory_bytes") > 1_000_000)
        }
    }

    @Test("tell a walk: events, deliveries, attempts, money, codes, carriers")
    func walk() async throws {
        try await Installation.texting(Self.settings) { post, peer in
            _ = try await post.server()
            _ = try await post.textWorker()
            _ = try await post.worker()
            let event = Installation.text("once", to: phone(1))
            let text = try Accepted(await post.submit(event))
            let mail = try await post.signUp("bobby@example.com")
            #expect(try await post.submit(event).body["status"] == "duplicate")
            #expect(try await post.submit(Installation.text("shop", to: phone(2), ["tenant": "shop"])).status == 202)
            try await post.reached("accepted", text)
            try await post.reached("accepted", mail)
            try await post.rest(of: "sms")

            let scrape = try await post.scrape()
            let events: (String, String) -> String? = {
                scrape["gatepost_events_total", "type=\"auth.\($0)\",status=\"\($1)\""]
            }
            #expect(events("mfa", "accepted") == "2")
            #expect(events("mfa", "duplicate") == "1")
            #expect(events("sign_up", "accepted") == "1")
            #expect(scrape.sum("gatepost_events_total") == 4)
            #expect(scrape["gatepost_deliveries", #"channel="sms",state="accepted""#] == "2")
            #expect(scrape["gatepost_deliveries", #"channel="email",state="accepted""#] == "1")
            #expect(scrape.sum("gatepost_deliveries") == 3)
            #expect(scrape["gatepost_attempts_total", #"gateway="sms",outcome="accepted""#] == "2")
            #expect(scrape["gatepost_attempts_total", #"gateway="sandbox-email",outcome="accepted""#] == "1")
            #expect(scrape.sum("gatepost_attempts_total") == 3)
            #expect(scrape["gatepost_delivery_seconds_count", #"channel="sms""#] == "2")
            #expect(scrape["gatepost_delivery_seconds_bucket", #"channel="email",le="+Inf""#] == "1")
            #expect(scrape["gatepost_oldest_ready_seconds", #"channel="sms""#] == "0.0")
            let spend = "gatepost_spend_micros_total"
            #expect(scrape[spend, #"currency="USD",country="US",kind="committed""#] == "21800")
            #expect(scrape.sum(spend) == 21800)
            #expect(scrape["gatepost_budget_used_ratio", #"budget="month""#] == "0.0218")
            // The tenant that has used most of its own: both the same.
            #expect(scrape["gatepost_budget_used_ratio", #"budget="each""#] == "0.109")
            #expect(scrape["gatepost_carriers", #"channel="sms""#] == "1")
            #expect(scrape["gatepost_carriers", #"channel="email""#] == "1")
            let commits = scrape.number("gatepost_store_commit_seconds_count")
            #expect(commits > 0)
            #expect(scrape.number("gatepost_store_batch_size_sum") >= commits)
            #expect(scrape.number(#"gatepost_store_batch_size_bucket{le="+Inf"}"#) == commits)
            // A log in which nobody writes for a second is emptied.
            try await eventually("bytes in the log") {
                _ = try await post.signUp("bobby@example.com")
                return try await post.scrape().number("gatepost_wal_bytes") > 0
            }
        }
    }

    @Test("count what is refused by its type, what has none as unknown, and each event of a batch")
    func refusals() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.server()
            _ = try await post.submit(Installation.event("1", to: "nobody"))
            _ = try await post.submit(Installation.event("2", "nothing", to: "a@example.com"))
            _ = try await post.send("POST", "/v1/events", Array("{".utf8), type: "application/cloudevents+json")
            _ = try await post.submitBatch([
                Installation.event("3", "recovery", to: "a@example.com"), Installation.event("4", to: "nobody"), 7,
            ])
            let scrape = try await post.scrape()
            let events: (String, String) -> String? = {
                scrape["gatepost_events_total", "type=\"\($0)\",status=\"\($1)\""]
            }
            #expect(events("auth.sign_up", "refused") == "2")
            #expect(events("auth.recovery", "accepted") == "1")
            #expect(events("unknown", "refused") == "3")
            #expect(scrape.sum("gatepost_events_total") == 6)
        }
    }

    @Test("count tries at codes by purpose and result, whichever way the challenge was named")
    func verifications() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.up()
            let one = try await post.signUp("bobby@example.com")
            let code = try await post.code(of: one)
            #expect(try await post.verify(one, wrong(code)).problem == "code-mismatch")
            #expect(try await post.verify(one, code, key: "k").status == 200)
            #expect(try await post.verify(one, code, key: "k").body["repeated"] == true)
            #expect(try await post.verify(one, wrong(code), key: "k").problem == "conflict")
            #expect(try await post.verify(one, code).problem == "code-used")
            let by: JSONValue = ["purpose": "recovery", "email": "carol@example.com", "code": "123456"]
            for _ in 1...5 { #expect(try await post.call("POST", "/v1/verify", by).problem == "code-mismatch") }
            #expect(try await post.call("POST", "/v1/verify", by).problem == "too-many-tries")
            for id in ["ch_1", "ch_00000000000000000000000000000000"] {
                var never = one
                never.challenge = id
                #expect(try await post.verify(never, code).problem == "not-found")
            }
            let scrape = try await post.scrape()
            let tries: (String, String) -> String? = {
                scrape["gatepost_verifications_total", "purpose=\"\($0)\",result=\"\($1)\""]
            }
            for result in ["mismatch", "verified", "repeated", "conflict", "used"] {
                #expect(tries("sign_up", result) == "1", "\(result)")
            }
            #expect(tries("recovery", "mismatch") == "5")
            #expect(tries("recovery", "locked") == "1")
            #expect(tries("unknown", "not_found") == "2")
            #expect(scrape.sum("gatepost_verifications_total") == 13)
        }
    }

    @Test("count what a gateway refuses, and the money that comes back as the report has it")
    func refused() async throws {
        let react: SMSGatewayPeer.Script = { _ in .answer(400) }
        try await Installation.texting(react: react) { post, _ in
            _ = try await post.server()
            _ = try await post.textWorker()
            let one = try await post.text(to: phone(1))
            try await post.died(of: "refused", one)
            let scrape = try await post.scrape()
            #expect(scrape["gatepost_attempts_total", #"gateway="sms",outcome="refused""#] == "1")
            #expect(scrape["gatepost_delivery_seconds_count", #"channel="sms""#] == "0")
            let spend = "gatepost_spend_micros_total"
            #expect(scrape[spend, #"currency="USD",country="US",kind="committed""#] == "10900")
            #expect(scrape[spend, #"currency="USD",country="US",kind="released""#] == "10900")
            #expect(scrape.sum(spend) == 21800)
        }
    }

    @Test("tell how long the oldest has waited, and that a carrier is there however the wall clock was set")
    func waiting() async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.start("gatepost-server", variables: [post.clock])
            _ = try await server.line("ready")
            _ = try await post.claim(instance: "one", waitMilliseconds: 0, gateway: "sandbox-email")
            #expect(try await post.scrape()["gatepost_carriers", #"channel="email""#] == "1")
            _ = try await post.signUp("bobby@example.com")
            try post.setClock(ahead: .seconds(61))
            let scrape = try await post.scrape()
            #expect(scrape["gatepost_carriers", #"channel="email""#] == "1")
            #expect(scrape.number(#"gatepost_oldest_ready_seconds{channel="email"}"#) >= 60)
            #expect(scrape["gatepost_deliveries", #"channel="email",state="ready""#] == "1")
        }
    }
}
