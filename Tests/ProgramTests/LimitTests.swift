import Foundation
import JSON
import Testing

@Suite("A limit", .timeLimit(.minutes(12)))
struct LimitTests {
    @Test("of settings that name none lets five messages reach an address, and says to the second when the next may")
    func standard() async throws {
        try await Installation.make(.limited("")) { post in
            let server = try await post.onClock()
            for _ in 1...5 {
                for address in ["a@example.com", phone(1)] {
                    let answer = try await post.submit(to: address)
                    #expect(answer.status == 202, "\(answer.body)")
                }
            }
            var wait: Int64 = 0
            for address in ["a@example.com", phone(1)] {
                wait = try await post.submit(to: address).wait(for: "recipient-10m")
                #expect((60...120).contains(wait))
            }
            // Another address, another purpose of the same one, and the same one written otherwise.
            #expect(try await post.submit(to: "b@example.com").status == 202)
            try await post.submit("recovery", to: "a@example.com").wait(for: "recipient-10m")
            try await post.submit(to: "A@EXAMPLE.com").wait(for: "recipient-10m")
            try await post.submit(Installation.envelope("sign_up", ["phone": "(201) 200-0001"])).wait(
                for: "recipient-10m"
            )
            server.kill()
            await server.exitCode()
            _ = try await post.onClock()
            try post.setClock(ahead: .seconds(wait - 30))
            let rest = try await post.submit(to: "a@example.com").wait(for: "recipient-10m")
            #expect(rest <= 30)
            try post.setClock(ahead: .seconds(wait - 30 + rest))
            #expect(try await post.submit(to: "a@example.com").status == 202)
            try await post.submit(to: "a@example.com").wait(for: "recipient-10m")
        }
    }

    @Test("of a day is named where it keeps waiting longest")
    func longest() async throws {
        try await Installation.make(.limited("")) { post in
            _ = try await post.onClock()
            for round in 0..<2 {
                try post.setClock(ahead: .seconds(round * 600))
                for _ in 1...5 { #expect(try await post.submit(to: "a@example.com").status == 202) }
            }
            let wait = try await post.submit(to: "a@example.com").wait(for: "recipient-day")
            #expect((7800...8040).contains(wait))
        }
    }

    @Test("of a network counts IPv6 addresses by 64 bits, and an event without one nowhere")
    func networks() async throws {
        try await Installation.make(.limited("")) { post in
            _ = try await post.server()
            func events(_ count: Int, _ ip: (Int) -> JSONValue?) -> [JSONValue] {
                (1...count).map { number in
                    var data: JSONObject = ["email": .string("\(UUID().uuidString)@example.com")]
                    data["ip"] = ip(number)
                    return Installation.envelope("sign_up", data)
                }
            }
            func statuses(_ events: [JSONValue]) async throws -> [JSONValue] {
                try await post.submitBatch(events).body["results"]?.array ?? []
            }
            let results = try await statuses(events(102) { .string("2001:db8:0:1::\(String($0, radix: 16))") })
            #expect(results.map { $0["status"] } == Array(repeating: "accepted", count: 100) + ["refused", "refused"])
            #expect(results.last?["problem"]?["limit"] == "ip-hour")
            #expect((results.last?["problem"]?["retry_after"]?.int ?? 0) > 0)
            let others =
                events(2) { _ in "2001:db8:0:2::1" } + events(2) { _ in "203.0.113.7" } + events(3) { _ in nil }
            #expect(try await statuses(others).map { $0["status"] } == Array(repeating: "accepted", count: 7))
        }
    }

    @Test("counts exactly under sixteen clients, over a kill, and later exactly what has come back")
    func exact() async throws {
        let settings = InstallationSettings.limited(InstallationSettings.limit("few", "all", "10/24h"))
        try await Installation.make(settings) { post in
            let server = try await post.onClock()
            #expect(try await post.passing(64, "few") == 10)
            server.kill()
            await server.exitCode()
            _ = try await post.onClock()
            #expect(try await post.passing(32, "few", ["tenant": "shop"]) == 0)
            // Of the 2.4 hours that one takes, three and a half.
            try post.setClock(ahead: .seconds(3 * 8640 + 4320))
            #expect(try await post.passing(48, "few") == 3)
        }
    }

    @Test("counts each tenant apart unless it is shared, and a tenant's own takes the place of the general one")
    func tenants() async throws {
        let limits = [
            InstallationSettings.limit("mine", "tenant", "2/1h"),
            InstallationSettings.limit("person", "recipient", "3/24h", "shared = true"),
        ]
        let own =
            "[[tenants]]\nname = \"acme\"\n"
            + InstallationSettings.limit("mine", "tenant", "4/24h", of: "tenants.limits")
        try await Installation.make(.limited(limits.joined(separator: "\n"), tables: [own])) { post in
            _ = try await post.server()
            #expect(try await post.passing(6, "mine", ["tenant": "shop"]) == 2)
            #expect(try await post.passing(6, "mine", ["tenant": "default"]) == 2)
            #expect(try await post.passing(1, "mine", ["tenant": "acme"]) == 1)
            // A person may have three of all tenants together; of the tenant's own four that leaves none.
            for _ in 1...3 { #expect(try await post.submit(to: "a@example.com", ["tenant": "acme"]).status == 202) }
            #expect(try await post.passing(3, "mine", ["tenant": "acme"]) == 0)
            for tenant in ["acme", "shop"] {
                try await post.submit(to: "a@example.com", ["tenant": .string(tenant)]).wait(for: "person")
            }
        }
    }

    @Test("counts an account by the event's subject")
    func subjects() async throws {
        try await Installation.make(.limited(InstallationSettings.limit("account", "subject", "1/24h"))) { post in
            _ = try await post.server()
            func submit(_ subject: String?, _ tenant: String) async throws -> Installation.Answer {
                let address = "\(UUID().uuidString)@example.com"
                var event =
                    Installation.event(UUID().uuidString, to: address, ["tenant": .string(tenant)]).object ?? [:]
                event["subject"] = subject.map(JSONValue.string)
                return try await post.submit(.object(event))
            }
            #expect(try await submit("user-1", "default").status == 202)
            try await submit("user-1", "default").wait(for: "account")
            #expect(try await submit("user-1", "shop").status == 202)
            #expect(try await submit("user-2", "default").status == 202)
            for _ in 1...2 { #expect(try await submit(nil, "default").status == 202) }
        }
    }

    @Test("counts numbers by country, by prefix and where they leave the tenant's own country")
    func numbers() async throws {
        let limits = [
            InstallationSettings.limit("country", "country", "3/24h"),
            InstallationSettings.limit("prefix", "prefix", "2/24h", "prefix_digits = 4"),
            InstallationSettings.limit("abroad", "tenant", "3/24h", "channel = \"sms\"", "foreign = true"),
        ]
        let countries = "[countries]\nallow = [\"US\", \"GB\", \"BS\"]\n[prices]\nunpriced = \"0.01 USD\""
        try await Installation.make(.limited(limits.joined(separator: "\n"), tables: [countries])) { post in
            _ = try await post.server()
            for number in ["+12423591234", "+12423591235"] { #expect(try await post.submit(to: number).status == 202) }
            try await post.submit(to: "+12423591236").wait(for: "prefix")
            #expect(try await post.submit(to: "+447400123456").status == 202)
            try await post.submit(to: "+447400123457").wait(for: "abroad")
            // At home, and by mail, as many as its own limits have room for.
            for number in ["+12012000001", "+12012000002", "+12122000001"] {
                #expect(try await post.submit(to: number).status == 202)
            }
            try await post.submit(to: "+13032000001").wait(for: "country")
            for _ in 1...4 { #expect(try await post.submit(to: "a@example.com").status == 202) }
        }
    }

    @Test("that one channel of a group is over leaves the other, and is told in the answer, also as a duplicate")
    func groups() async throws {
        let limit = InstallationSettings.limit("texts", "recipient", "1/24h", "channel = \"sms\"")
        try await Installation.make(.limited(limit)) { post in
            _ = try await post.server()
            #expect(try await post.submit("recovery", to: phone(1)).status == 202)
            let event = Installation.envelope(
                "mfa",
                ["email": "a@example.com", "phone": .string(phone(1)), "channels": ["sms", "email"], "session": "s"]
            )
            let answer = try await post.submit(event)
            #expect(answer.status == 202)
            #expect(answer.body["deliveries"]?.array?.map { $0["channel"] } == ["email"])
            let refused = try #require(answer.body["refused"]?.array?.first)
            #expect(refused["channel"] == "sms")
            #expect(refused["problem"]?["type"] == "urn:gatepost:problem:rate-limited")
            #expect(refused["problem"]?["limit"] == "texts")
            #expect((86_000...86_400).contains(refused["problem"]?["retry_after"]?.int ?? 0))
            #expect(try await post.submit(event).body["refused"] == answer.body["refused"])
        }
    }

    @Test("gives back what a message took that surely was not sent")
    func givesBack() async throws {
        try await Installation.make(.limited(InstallationSettings.limit("one", "recipient", "1/24h"))) { post in
            _ = try await post.server()
            let one = try await post.signUp("a@example.com")
            try await post.submit(to: "a@example.com").wait(for: "one")
            // Nobody carries it; five wrong codes end it.
            for number in 1...5 { _ = try await post.verify(one, "wrong\(number)") }
            #expect(try await post.delivery(one.delivery)["reason"] == "cancelled")
            #expect(try await post.submit(to: "a@example.com").status == 202)
            try await post.submit(to: "a@example.com").wait(for: "one")
        }
    }
}
