import Clocks
import Deliveries
import Foundation
import JSON
import Spend
import Testing

@Suite("A budget", .timeLimit(.minutes(12)))
struct SMSBudgetTests {
    /// Room for so many text messages.
    private func settings(room: Int, hasSandbox: Bool = false) -> TextSettings {
        var settings = TextSettings()
        settings.budgets = [("month", "0." + String(String(10_000 + room * 109 + 1).dropFirst()))]
        settings.hasSandbox = hasSandbox
        return settings
    }

    @Test(
        "books what the server counted, whatever a carrier wrote into its claim's token before it reports an outcome",
        arguments: [Int64.min, -1, 0, Int64.max]
    )
    func forgedToken(micros: Int64) async throws {
        try await Installation.texting(settings(room: 5)) { post, _ in
            _ = try await post.server()
            _ = try await post.text(to: phone(1))
            let claims = try await post.call(
                "POST",
                "/v1/carriers/claim",
                ["carrier": "forger", "instance": "one", "channel": "sms", "gateways": ["sms"], "max": 1]
            ).body["claims"]
            var token = try #require(claims?.array?.first?["token"]?.string.flatMap { CarrierToken($0) })
            var quote = try #require(token.quote)
            quote.quote.amount.micros = micros
            quote.quote.segments = micros
            token.quote = quote
            let answer = try await post.call(
                "POST",
                "/v1/carriers/settle",
                ["outcomes": [["token": .string(token.description), "result": "accepted"]]]
            )
            #expect(answer.body["results"] == ["applied"])
            let standing = try await post.call("GET", "/v1/status").body["budgets"]?.array?.first
            #expect(standing?["used"] == "0.0109")
        }
    }

    @Test("that is used up refuses with its name and its end, however many ask at once, and says so in the status")
    func refuses() async throws {
        try await Installation.texting(settings(room: 5)) { post, peer in
            _ = try await post.server()
            let answers = try await withThrowingTaskGroup { group in
                for number in 1...20 { group.addTask { try await post.submit(Installation.text(to: phone(number))) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count { $0.status == 202 } == 5)
            let refused = answers.filter { $0.status == 429 }
            #expect(refused.count == 15)
            for answer in refused {
                #expect(answer.problem == "over-budget")
                #expect(answer.body["budget"] == "month")
                #expect((1...3600).contains(answer.header("Retry-After").flatMap { Int($0) } ?? 0))
                let end = try #require(answer.body["resets_at"]?.string.flatMap(Instant.init(rfc3339:)))
                #expect("\(end)".hasSuffix("-01T00:00:00Z") || "\(end)".hasSuffix("-01T00:00:00.000Z"))
            }
            let standing = try await post.call("GET", "/v1/status").body["budgets"]?.array?.first
            #expect(standing?["used"] == "0.0545")
            #expect(standing?["limit"] == "0.0546")
            let check = try await post.settledLedger(peer)
            #expect(check.faults == [])
            #expect(check.stories.count == 5)
            #expect(check.reserved == 54_500)
        }
    }

    @Test("that was lowered parks what no longer fits before anything is sent, and lets it go when it is raised")
    func lowered() async throws {
        try await Installation.texting(settings(room: 3)) { post, peer in
            let server = try await post.server()
            var all: [Accepted] = []
            for number in 1...3 { all.append(try await post.text(to: phone(number))) }
            let low = try await post.restart(server, with: settings(room: 1).installation(port: peer.port))
            _ = try await post.textWorker()
            let wanted = ["accepted", "parked over_budget", "parked over_budget"]
            try await eventually("one accepted and two parked") { try await reasons(post, all).sorted() == wanted }
            #expect(peer.taken.count == 1)
            let parked = try await post.settledLedger(peer, deliveries: numbers(all))
            #expect(parked.faults == [])
            #expect(parked.committed == 10_900)
            #expect(parked.reserved == 0)

            _ = try await post.restart(low, with: settings(room: 3).installation(port: peer.port))
            for one in all { try await post.reached("accepted", one) }
            #expect(peer.taken.count == 3)
            let raised = try await post.settledLedger(peer, deliveries: numbers(all))
            #expect(raised.faults == [])
            let stories = Set(all.compactMap { raised.stories[$0.delivery] })
            #expect(stories == [["reserved", "committed 1"], ["reserved", "released", "reserved", "committed 1"]])
        }
    }

    @Test("that stays lowered lets what waits for it die of that at its deadline")
    func deadline() async throws {
        try await Installation.texting(settings(room: 1, hasSandbox: true)) { post, peer in
            let server = try await post.server()
            let one = try await post.text(to: phone(1))
            server.terminate()
            await server.exitCode()
            try post.write(settings(room: 0, hasSandbox: true).installation(port: peer.port))
            let low = try await post.start("gatepost-server", variables: [post.clock])
            _ = try await low.line("ready")
            _ = try await post.textWorker()
            try await post.reached("parked", one)
            try post.setClock(ahead: .seconds(400))
            try await post.died(of: "over_budget", one)
            #expect(peer.requests.isEmpty)
            let check = try await post.settledLedger(peer)
            #expect(check.faults == [])
            #expect(check.stories[one.delivery] == ["reserved", "released"])
        }
    }

    @Test("that a bill has gone beyond is closed")
    func beyond() async throws {
        var settings = settings(room: 3)
        settings.lines += "\nprice = \"/price\"\ncurrency = \"USD\""
        let react: SMSGatewayPeer.Script = { _ in .take(billing: #""price":0.05"#) }
        try await Installation.texting(settings, react: react) { post, peer in
            _ = try await post.server()
            _ = try await post.textWorker()
            let one = try await post.text(to: phone(1))
            try await post.reached("accepted", one)
            #expect(try await post.submit(Installation.text(to: phone(2))).problem == "over-budget")
            let check = try await post.settledLedger(peer, deliveries: [phone(1): one.delivery])
            #expect(check.faults == [])
            #expect(check.billed == 50_000)
        }
    }

    private func numbers(_ all: [Accepted]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: all.enumerated().map { (phone($0.offset + 1), $0.element.delivery) })
    }

    private func reasons(_ post: Installation, _ all: [Accepted]) async throws -> [String] {
        var found: [String] = []
        for one in all {
            let delivery = try await post.delivery(one.delivery)
            let reason = delivery["reason"]?.string.map { " " + $0 } ?? ""
            found.append((delivery["state"]?.string ?? "") + reason)
        }
        return found
    }
}
