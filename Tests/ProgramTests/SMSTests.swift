import Foundation
import JSON
import Testing

@Suite("A text message", .timeLimit(.minutes(12)))
struct SMSTests {
    @Test(
        "leaves as its gateway is described, in one segment that ends with the domain and the code, and the code verifies"
    )
    func leaves() async throws {
        try await Installation.texting { post, peer in
            _ = try await post.server()
            _ = try await post.textWorker()
            let answer = try await post.submit(Installation.text(to: "+12015550123"))
            let one = try Accepted(answer)
            let told = try #require(answer.body["deliveries"]?.array?.first)
            #expect(told["channel"] == "sms")
            #expect(told["country"] == "US")
            #expect(told["segments"] == 1)
            #expect(told["encoding"] == "GSM-7")
            #expect(told["estimate"] == ["amount": "0.0109", "currency": "USD"])

            let request = try await peer.request(1)
            #expect(request.message.line == "POST /messages HTTP/1.1")
            #expect(request.message.field("Authorization") == "Bearer sesame")
            #expect(request.message.field("Content-Type")?.hasPrefix("application/json") == true)
            #expect(request.to == "+12015550123")
            #expect(request.fields["from"] == "Cruddur")
            #expect(request.reference.utf8.count >= 16)
            #expect(request.code.count == 6)
            let text = "\(request.code) is your Cruddur sign-in code.\n\n@cruddur.com #\(request.code)"
            #expect(request.text == text)

            try await post.reached("accepted", one)
            let delivery = try await post.delivery(one.delivery)
            #expect(delivery["attempts"]?.array?.map { $0["gateway_reference"] } == [.string(request.sid)])
            #expect(delivery["estimate"] == told["estimate"])
            #expect(delivery["price"] == .null)
            #expect(!"\(delivery)".contains("5550123"))

            let verified = try await post.verify(one, request.code)
            #expect(verified.body["result"] == "verified")
            #expect(verified.body["channel"] == "sms")
            let spend = try await post.call("GET", "/v1/spend?group_by=country,purpose").body
            #expect(
                spend["rows"] == [
                    [
                        "country": "US", "purpose": "mfa", "messages": 1, "segments": 1, "estimate": "0.0109",
                        "price": "0.00", "difference": "0.00", "currency": "USD", "verified": 1,
                        "cost_per_verified": "0.0109",
                    ]
                ]
            )
            let check = try await post.settledLedger(peer, deliveries: [request.to: one.delivery])
            #expect(check.faults == [])
            #expect(check.stories[one.delivery] == ["reserved", "committed 1"])
        }
    }

    @Test("leaves for Twilio as a form for the account, with its login, and is refused by its code")
    func twilio() async throws {
        var settings = TextSettings()
        settings.kind = "twilio"
        settings.lines = "account = \"AC0123\"\nsecret = \"sesame\""
        let refusal = #"{"code":21211,"message":"The 'To' number +12015550199 is not valid.","status":400}"#
        let react: SMSGatewayPeer.Script = {
            $0.to.hasSuffix("99") ? .answer(400, refusal) : .take
        }
        try await Installation.texting(settings, react: react) { post, peer in
            _ = try await post.server()
            _ = try await post.textWorker()
            let one = try await post.text(to: "+12015550123")
            try await post.reached("accepted", one)
            let request = try await peer.request(1)
            #expect(request.message.line == "POST /2010-04-01/Accounts/AC0123/Messages.json HTTP/1.1")
            let login = Data("AC0123:sesame".utf8).base64EncodedString()
            #expect(request.message.field("Authorization") == "Basic " + login)
            #expect(request.message.field("Content-Type") == "application/x-www-form-urlencoded")
            #expect(request.fields["To"] == "+12015550123")
            #expect(request.fields["From"] == "Cruddur")
            #expect(request.text.hasSuffix("\n\n@cruddur.com #" + request.code))
            #expect((240...300).contains(request.fields["ValidityPeriod"].flatMap { Int($0) } ?? 0))
            #expect(request.fields["StatusCallback"] == nil)
            #expect(try await post.attempts(one).first?["gateway_reference"] == .string(request.sid))

            let other = try await post.text(to: "+12015550199")
            try await post.died(of: "refused", other)
            let attempt = try #require(try await post.attempts(other).first)
            #expect(attempt["result"] == "refused")
            #expect(attempt["code"] == "21211")
            #expect(attempt["detail"]?.string?.contains("is not valid") == true)
            #expect(attempt["detail"]?.string?.contains("5550199") == false)
            let check = try await post.settledLedger(peer, deliveries: [request.to: one.delivery])
            #expect(check.faults == [])
            #expect(check.stories[other.delivery] == ["reserved", "committed 1", "released 1", "released"])
        }
    }

    @Test("that is billed with its answer is priced, and the report and the budget show what it cost more")
    func billed() async throws {
        var settings = TextSettings()
        settings.lines += "\nprice = \"/cost/amount\"\ncurrency = \"/cost/currency\""
        settings.budgets = [("month", "1.00")]
        let bill = #""cost":{"amount":"-0.0150","currency":"USD"}"#
        let react: SMSGatewayPeer.Script = { _ in .take(billing: bill) }
        try await Installation.texting(settings, react: react) { post, peer in
            _ = try await post.server()
            _ = try await post.textWorker()
            let one = try await post.text(to: phone(1))
            try await post.reached("accepted", one)
            #expect(try await post.delivery(one.delivery)["price"] == ["amount": "0.015", "currency": "USD"])
            let check = try await post.settledLedger(peer, deliveries: [phone(1): one.delivery])
            #expect(check.faults == [])
            #expect(check.stories[one.delivery] == ["reserved", "committed 1", "priced 1"])
            let row = try await post.call("GET", "/v1/spend?group_by=gateway").body["rows"]?.array?.first
            #expect(row?["gateway"] == "sms")
            #expect(row?["estimate"] == "0.0109")
            #expect(row?["price"] == "0.015")
            #expect(row?["difference"] == "0.0041")
            #expect(row?["cost_per_verified"] == .null)
        }
    }

    @Test("tells the gateway how long it is good for")
    func validity() async throws {
        try await Installation.texting { post, peer in
            _ = try await post.server()
            _ = try await post.textWorker()
            let one = try await post.text(to: phone(1), ["ttl": "90s"])
            try await post.reached("accepted", one)
            #expect((60...90).contains(Int(try await peer.request(1).fields["ttl"] ?? "") ?? 0))
        }
    }

    @Test("of a second factor overtakes the sign-ups that wait before a slow connection")
    func priority() async throws {
        let latch = Latch()
        var settings = TextSettings()
        settings.connections = 1
        // Longer than the test can take.
        settings.timeout = 60
        let react: SMSGatewayPeer.Script = {
            $0.number == 1 ? .take(after: latch) : .take
        }
        try await Installation.texting(settings, react: react) { post, peer in
            _ = try await post.server()
            _ = try await post.textWorker()
            var all = [try await post.text("sign_up", to: phone(1))]
            try await peer.request(1)
            for number in 2...10 { all.append(try await post.text("sign_up", to: phone(number))) }
            all.append(try await post.text("mfa", to: phone(11)))
            latch.open()
            for one in all { try await post.reached("accepted", one) }
            let order = peer.taken.map(\.to)
            #expect(order == [phone(1), phone(11)] + (2...10).map(phone))
        }
    }

    @Test("whose carrier counts or prices it otherwise than the server is not sent, and its reservation is released")
    func mismatch() async throws {
        let right: JSONObject = ["segments": 1, "encoding": "GSM-7", "amount": "0.0109", "currency": "USD"]
        let others: [(String, JSONValue)] = [
            ("segments", 2), ("encoding", "UCS-2"), ("amount", "0.0110"), ("amount", "0.0108"), ("currency", "EUR"),
        ]
        try await Installation.texting { post, peer in
            _ = try await post.server()
            for (number, other) in others.enumerated() {
                let one = try await post.text(to: phone(number))
                let claim = try #require(try await post.claimText(instance: "i\(number)"))
                #expect(claim["delivery"] == .string(one.delivery))
                #expect(claim["price"]?["unit_price"] == "0.0079")
                #expect(claim["price"]?["fee"] == "0.003")
                #expect(claim["message"]?["code"] == nil)
                var item = right
                item["token"] = claim["token"]
                item["amount"] = nil
                let incomplete = try await post.begin(item)
                #expect(incomplete.status == 422)
                #expect(incomplete.body["pointer"] == "/items/0/amount")
                item["amount"] = right["amount"]
                item[other.0] = other.1
                for _ in 1...2 { #expect(try await post.begin(item).body == ["results": ["mismatch"]]) }
                try await post.died(of: "refused", one)
                #expect(try await post.attempts(one).isEmpty)
                let check = try await post.settledLedger(peer)
                #expect(check.faults == [])
                #expect(check.stories[one.delivery] == ["reserved", "released"])
            }
            #expect(peer.requests.isEmpty)
        }
    }
}

extension Installation {
    /// Claims one text message as a carrier of the test's own.
    fileprivate func claimText(instance: String) async throws -> JSONValue? {
        try await call(
            "POST",
            "/v1/carriers/claim",
            [
                "carrier": "stub", "instance": .string(instance), "channel": "sms", "gateways": ["sms"], "max": 1,
                "wait_ms": 5000,
            ]
        ).body["claims"]?.array?.first
    }

    fileprivate func begin(_ item: JSONObject) async throws -> Answer {
        try await call("POST", "/v1/carriers/begin", ["items": [.object(item)]])
    }
}
