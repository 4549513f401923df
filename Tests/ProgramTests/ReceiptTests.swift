import Foundation
import JSON
import Testing

@Suite("A gateway's receipts", .timeLimit(.minutes(12)))
struct ReceiptTests {
    /// A server that is reached from outside, a worker, and messages that the gateway took.
    private func sending(
        _ settings: TextSettings,
        count: Int = 1,
        _ body: (Installation, SMSGatewayPeer, _ server: Running, _ url: String, [Accepted]) async throws -> Void
    ) async throws {
        try await Installation.texting(settings) { post, peer in
            let server = try await post.server()
            _ = try await post.textWorker()
            var all: [Accepted] = []
            for number in 1...count {
                let one = try await post.text(to: phone(number))
                try await post.reached("accepted", one)
                all.append(one)
            }
            try await body(post, peer, server, try await post.url(of: server), all)
        }
    }

    @Test("of Twilio go to the address that it was told, and say what became of the message; again they change nothing")
    func twilio() async throws {
        try await sending(SignedReceipt.twilio) { post, peer, _, url, all in
            let request = try await peer.request(1)
            let address = try #require(request.fields["StatusCallback"])
            #expect(address.hasPrefix("https://post.example.com/v1/receipts/sms/at_"))
            let failed = SignedReceipt.twilio("undelivered", sid: request.sid, to: address, error: "30008")
            let delivered = SignedReceipt.twilio("delivered", sid: request.sid, to: address)
            for receipt in [failed, failed] {
                #expect(try await post.bring(receipt, to: address, at: url).status == 204)
                #expect(try await post.state(all[0]) == "undelivered")
            }
            for receipt in [delivered, failed, delivered] {
                #expect(try await post.bring(receipt, to: address, at: url).status == 204)
                #expect(try await post.state(all[0]) == "delivered")
            }
            #expect(try await post.receipts(all[0]) == ["undelivered 30008", "delivered"])
            let delivery = try await post.delivery(all[0].delivery)
            #expect(delivery["reason"] == .null)
            let shown = try await post.gatepost("show", all[0].delivery).output.split(separator: "\n").map(String.init)
            let head = try #require(shown.firstIndex { $0.hasPrefix("receipt ") })
            let rows = shown[(head + 1)...].map { $0.split(separator: " ").map(String.init) }
            #expect(rows.map { [$0[0]] + $0[2...] } == [["1", "undelivered", "30008"], ["2", "delivered", "-"]])
            #expect(!"\(delivery)".contains("5550123"))
        }
    }

    @Test("that are forged, of another account or for nothing known are refused, and change nothing")
    func forged() async throws {
        try await sending(SignedReceipt.twilio, count: 2) { post, peer, server, url, all in
            let (first, second) = (try await peer.request(1), try await peer.request(2))
            let address = try #require(first.fields["StatusCallback"])
            let other = try #require(second.fields["StatusCallback"])
            let plain = SignedReceipt.publicURL + "/v1/receipts/sms"
            let good = SignedReceipt.twilio("failed", sid: first.sid, to: address)
            func expect(_ status: Int, _ problem: String?, _ receipt: SignedReceipt, to address: String) async throws {
                let answer = try await post.bring(receipt, to: address, at: url)
                #expect(answer.status == status)
                #expect(answer.problem == problem)
                #expect(!"\(answer.body)".contains(first.sid))
            }
            try await expect(
                401,
                "unauthenticated",
                .twilio("failed", sid: first.sid, to: address, secret: "x"),
                to: address
            )
            var changed = good
            changed.body = [UInt8](
                String(decoding: good.body, as: UTF8.self).replacing("failed", with: "delivered").utf8
            )
            try await expect(401, "unauthenticated", changed, to: address)
            try await expect(401, "unauthenticated", good, to: other)
            try await expect(401, "unauthenticated", good, to: plain)
            try await expect(401, "unauthenticated", good, to: address + "?a=b")
            var bare = good
            bare.headers = []
            try await expect(401, "unauthenticated", bare, to: address)
            bare.headers = good.headers + good.headers
            try await expect(401, "unauthenticated", bare, to: address)
            try await expect(
                403,
                "forbidden",
                .twilio("failed", sid: first.sid, to: address, account: "AC1"),
                to: address
            )
            // A gateway and an attempt that never were, and another gateway's.
            for path in ["/v1/receipts/other", "/v1/receipts/other/at_1", "/v1/receipts/sms/x/y", "/v1/receipts"] {
                let to = SignedReceipt.publicURL + path
                try await expect(404, "not-found", .twilio("failed", sid: first.sid, to: to), to: to)
            }
            for name in ["at_1", "at_" + String(repeating: "0", count: 32)] {
                let to = plain + "/" + name
                try await expect(404, "not-found", .twilio("failed", sid: first.sid, to: to), to: to)
            }
            try await expect(204, nil, .twilio("failed", sid: "SM-other", to: plain), to: plain)
            try await expect(204, nil, .twilio("received", sid: first.sid, to: address), to: address)
            #expect(try await post.call("PUT", "/v1/receipts/sms", [:]).status == 405)
            let large = SignedReceipt(
                body: Array(repeating: 0x61, count: 65_537),
                type: good.type,
                headers: good.headers
            )
            try await expect(413, "too-large", large, to: address)
            for one in all { #expect(try await post.state(one) == "accepted") }
            #expect(try await post.receipts(all[0]) == [])
            // The log says what is wrong, of whom nobody.
            #expect(server.complaints.contains("Receipts at the gateway sms came to nothing"))
            #expect(!server.complaints.contains(first.sid))
            // And by the gateway's name for the message all is well.
            try await expect(204, nil, .twilio("failed", sid: first.sid, to: plain), to: plain)
            #expect(try await post.state(all[0]) == "undelivered")
            #expect(try await post.state(all[1]) == "accepted")
        }
    }

    @Test("of a gateway that settings describe bill the message once, whatever is repeated, restarted and killed")
    func described() async throws {
        try await sending(SignedReceipt.described, count: 3) { post, peer, first, url, all in
            var (server, url) = (first, url)
            var bills: [SignedReceipt] = []
            var addresses: [String] = []
            for (index, one) in all.enumerated() {
                let request = try await peer.request(index + 1)
                let address = try #require(request.fields["callback"])
                let bill = SignedReceipt.described(
                    ["sid": .string(request.sid), "status": "delivered", "price": "-0.0075", "currency": "usd"]
                )
                bills.append(bill)
                addresses.append(address)
                // The second server dies the moment that it has answered, the third is stopped.
                #expect(try await post.bring(bill, to: address, at: url).status == 204)
                if index == 0 { server.kill() } else { server.terminate() }
                await server.exitCode()
                server = try await post.server()
                url = try await post.url(of: server)
                #expect(try await post.state(one) == "delivered")
                for place in bills.indices {
                    #expect(try await post.bring(bills[place], to: addresses[place], at: url).status == 204)
                }
            }
            let numbers = all.enumerated().map { (phone($0.offset + 1), $0.element.delivery) }
            let check = try await post.settledLedger(peer, deliveries: Dictionary(uniqueKeysWithValues: numbers))
            #expect(check.faults == [])
            #expect(check.stories.values.allSatisfy { $0 == ["reserved", "committed 1", "priced 1"] })
            #expect(try await post.delivery(all[0].delivery)["price"] == ["amount": "0.0075", "currency": "USD"])
            // A corrected bill takes the place of the first, and that one again changes nothing.
            let request = try await peer.request(1)
            let corrected = SignedReceipt.described(
                ["sid": .string(request.sid), "status": "delivered", "price": 0.008, "currency": "USD"]
            )
            for receipt in [corrected, bills[0], corrected] {
                #expect(try await post.bring(receipt, to: addresses[0], at: url).status == 204)
            }
            #expect(try await post.delivery(all[0].delivery)["price"] == ["amount": "0.008", "currency": "USD"])
            #expect(try await post.settledLedger(peer).stories[all[0].delivery]?.suffix(2) == ["priced 1", "priced 1"])
        }
    }

    @Test("that are stale, or copied to the address of another message, are refused")
    func stale() async throws {
        try await sending(SignedReceipt.described, count: 2) { post, peer, _, url, all in
            let (first, second) = (try await peer.request(1), try await peer.request(2))
            let address = try #require(first.fields["callback"])
            let members: JSONObject = ["sid": .string(first.sid), "status": "failed", "error": "27"]
            for age in [Int64(330), 86_400, -330] {
                let answer = try await post.bring(.described(members, age: age), to: address, at: url)
                #expect(answer.problem == "unauthenticated")
            }
            let good = SignedReceipt.described(members)
            let other = try #require(second.fields["callback"])
            #expect(try await post.bring(good, to: other, at: url).problem == "not-found")
            for one in all { #expect(try await post.state(one) == "accepted") }
            #expect(try await post.bring(good, to: address, at: url).status == 204)
            #expect(try await post.receipts(all[0]) == ["undelivered 27"])
            #expect(try await post.receipts(all[1]) == [])
        }
    }

    @Test("come by GET where the gateway brings them so")
    func byGet() async throws {
        var settings = SignedReceipt.described
        settings.lines =
            TextSettings.description + """

                receipt_secret = "\(SignedReceipt.secret)"
                [gateways.receipts]
                authentication = "basic"
                user = "gateway"
                reference = "id"
                state = "status"
                delivered = ["ok"]
                """
        try await sending(settings) { post, peer, _, url, all in
            let request = try await peer.request(1)
            let path = "/v1/receipts/sms?id=\(request.sid)&status=ok"
            func get(_ login: String) async throws -> Int {
                let login = Data(login.utf8).base64EncodedString()
                return try await post.call("GET", path, headers: [("Authorization", "Basic " + login)], at: url).status
            }
            #expect(try await get("gateway:wrong") == 401)
            #expect(try await get("other:\(SignedReceipt.secret)") == 401)
            #expect(try await post.call("GET", path, at: url).status == 401)
            #expect(try await post.state(all[0]) == "accepted")
            #expect(try await get("gateway:\(SignedReceipt.secret)") == 204)
            #expect(try await post.state(all[0]) == "delivered")
        }
    }
}
