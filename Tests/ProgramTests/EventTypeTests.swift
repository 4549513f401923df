import Foundation
import JSON
import Testing

@Suite("An event of each type", .timeLimit(.minutes(12)))
struct EventTypeTests {
    /// What a type says in English, by mail and by text message; of the latter without the line that binds the code.
    private static let words: [(type: String, purpose: String, mail: String, text: String)] = [
        ("sign_up", "sign_up", "confirm this address for Cruddur", "CODE is your Cruddur code."),
        ("confirmation", "sign_up", "confirm this address for Cruddur", "CODE is your Cruddur code."),
        ("recovery", "recovery", "reset your password at Cruddur", "CODE is your Cruddur reset code."),
        ("mfa", "mfa", "sign in to Cruddur", "CODE is your Cruddur sign-in code."),
        (
            "attribute_change", "attribute_change", "confirm your new address at Cruddur",
            "CODE confirms this number at Cruddur."
        ),
        ("invitation", "invitation", "accept your invitation to Cruddur", "CODE is your invitation to Cruddur."),
    ]

    @Test("with a code says what it is for on each channel, and the code verifies")
    func withCode() async throws {
        try await Installation.make(.branded()) { post in
            _ = try await post.up()
            for (index, (type, purpose, mail, text)) in EventTypeTests.words.enumerated() {
                let addresses: [(String, JSONValue)] = [
                    ("email", .string("\(type)@example.com")), ("phone", .string(phone(index))),
                ]
                for (member, address) in addresses {
                    let answer = try await post.accept(type, [member: address])
                    #expect(answer["challenge"] == answer["deliveries"]?.array?.first?["challenge"])
                    let message = try await post.message(ofOnly: answer)
                    let code = try #require(message["code"]?.string)
                    if member == "email" {
                        #expect(message["text"]?.string?.contains(mail) == true, "\(type)")
                        let html = mail.replacing("Cruddur", with: "<bdi>Cruddur</bdi>")
                        #expect(message["html"]?.string?.contains(html) == true, "\(type)")
                        #expect(message["text"]?.string?.contains(code) == true)
                    } else {
                        let line = text.replacing("CODE", with: code)
                        #expect(message["text"] == .string("\(line)\n\n@cruddur.com #\(code)"))
                    }
                    let accepted = try Accepted(Installation.Answer(status: 202, body: answer, headers: []))
                    let verified = try await post.verify(accepted, code)
                    #expect(verified.status == 200, "\(type) by \(member): \(verified.body)")
                    #expect(verified.body["purpose"] == .string(purpose))
                    #expect(verified.body["channel"] == (member == "email" ? "email" : "sms"))
                }
            }
        }
    }

    private static let notices: [(name: String, mail: String, text: String)] = [
        (
            "password_changed", "the password of your account at Cruddur was changed",
            "Your Cruddur password was changed. Not you? Reset it now."
        ),
        (
            "new_sign_in", "somebody signed in to your account at Cruddur",
            "New sign-in to your Cruddur account. Not you? Change your password."
        ),
        (
            "mfa_changed", "the two-step sign-in of your account at Cruddur was changed",
            "The two-step sign-in of your Cruddur account was changed. Not you? Check your account."
        ),
        (
            "account_locked", "your account at Cruddur was locked",
            "Your Cruddur account was locked. Not expected? Contact us."
        ),
        (
            "another_thing", "your account at Cruddur was changed",
            "Your Cruddur account was changed. Not you? Sign in and check."
        ),
    ]

    @Test("that is a notice says which, and has neither code nor challenge")
    func notice() async throws {
        try await Installation.make(.branded()) { post in
            _ = try await post.up()
            for (index, (name, mail, text)) in EventTypeTests.notices.enumerated() {
                var data: JSONObject = ["notice": .string(name), "template_data": ["device": "Firefox on Linux"]]
                data["email"] = .string("\(name)@example.com")
                data["phone"] = .string(phone(index))
                data["channels"] = ["email", "sms"]
                let answer = try await post.accept("notice", data)
                #expect(answer["challenge"] == nil)
                for delivery in answer["deliveries"]?.array ?? [] {
                    #expect(delivery["challenge"] == .null)
                    let message = try await post.message(delivery)
                    #expect(message["code"]?.isNull != false)
                    if delivery["channel"] == "sms" {
                        #expect(message["text"] == .string(text))
                    } else {
                        #expect(message["text"]?.string?.contains(mail) == true, "\(name)")
                        #expect(message["text"]?.string?.contains("Firefox on Linux") == true)
                    }
                    let shown = try await post.delivery(delivery["id"]?.string ?? "")
                    #expect(shown["challenge"] == .null)
                    #expect(shown["purpose"] == "notice")
                }
                #expect(answer["deliveries"]?.array?.count == 2)
            }
        }
    }

    @Test("that confirms repeats a young code, renews an old one and takes an expired challenge up again")
    func confirmation() async throws {
        try await Installation.make(.branded()) { post in
            let up = try await post.start("gatepost", ["up"], variables: [post.clock])
            _ = try await up.line("ready")
            func code(_ type: String, after hours: Int) async throws -> (challenge: Accepted, code: String) {
                try post.setClock(ahead: .seconds(hours * 3600))
                let answer = try await post.accept(type, ["email": "a@example.com"])
                let accepted = try Accepted(Installation.Answer(status: 202, body: answer, headers: []))
                let message = try await post.message(ofOnly: answer)
                return (accepted, try #require(message["code"]?.string))
            }
            let first = try await code("sign_up", after: 0)
            let young = try await code("confirmation", after: 11)
            #expect(young.challenge.challenge == first.challenge.challenge)
            #expect(young.code == first.code)
            let renewed = try await code("confirmation", after: 13)
            #expect(renewed.challenge.challenge == first.challenge.challenge)
            #expect(renewed.code != first.code)
            // The new code has a full life of a day from the 13th hour.
            try post.setClock(ahead: .seconds(38 * 3600))
            #expect(try await post.verify(renewed.challenge, renewed.code).problem == "code-expired")
            let reopened = try await code("confirmation", after: 38)
            #expect(reopened.challenge.challenge == first.challenge.challenge)
            #expect(try await post.verify(reopened.challenge, reopened.code).status == 200)
            // Nothing to take up: it was verified.
            let another = try await code("confirmation", after: 38)
            #expect(another.challenge.challenge != first.challenge.challenge)
            // A sign-up takes up no expired challenge.
            let other = try await code("sign_up", after: 80)
            #expect(other.challenge.challenge != another.challenge.challenge)
        }
    }

    @Test("that changes an address sends the code to the new one, and to the old one a notice without code and link")
    func attributeChange() async throws {
        try await Installation.make(.branded()) { post in
            _ = try await post.up()
            let link = "https://app.example.com/change?code={{code}}"
            let answer = try await post.accept(
                "attribute_change",
                [
                    "email": "new@example.com", "previous_email": "old@example.com",
                    "previous_phone": "(201) 200-0001", "link": .string(link),
                ]
            )
            #expect(answer["challenge"]?["id"]?.string?.hasPrefix("ch_") == true)
            #expect(answer["deliveries"]?.array?.count == 3)
            var notices = 0
            for delivery in answer["deliveries"]?.array ?? [] {
                let message = try await post.message(delivery)
                let whole = String(decoding: message.serialized(), as: UTF8.self)
                guard delivery["challenge"]?.isNull == true else {
                    #expect(message["to"] == "new@example.com")
                    let code = try #require(message["code"]?.string)
                    #expect(whole.contains("https://app.example.com/change?code=\(code)"))
                    continue
                }
                notices += 1
                #expect(message["to"] == (delivery["channel"] == "email" ? "old@example.com" : "+12012000001"))
                #expect(message["code"]?.isNull != false)
                #expect(!whole.contains("app.example.com"))
                #expect(whole.contains("contact details"))
                #expect(try await post.delivery(delivery["id"]?.string ?? "")["purpose"] == "attribute_change")
            }
            #expect(notices == 2)
        }
    }

    @Test("that changes an address stands even where the old number is refused, and not where the new one is")
    func refusedPrevious() async throws {
        try await Installation.make(.branded()) { post in
            _ = try await post.up()
            let answer = try await post.accept(
                "attribute_change",
                ["email": "new@example.com", "previous_phone": "+447400123456"]
            )
            #expect(answer["deliveries"]?.array?.map { $0["channel"] } == ["email"])
            let refused = answer["refused"]?.array ?? []
            #expect(refused.map { $0["channel"] } == ["sms"])
            #expect(refused.first?["problem"]?["type"] == "urn:gatepost:problem:destination-refused")
            let event = Installation.envelope(
                "attribute_change",
                ["phone": "+447400123456", "previous_email": "old@example.com"]
            )
            let sunk = try await post.submit(event)
            #expect(sunk.status == 422)
            #expect(sunk.problem == "destination-refused")
            // The same address in another spelling is told nothing.
            let same = try await post.accept(
                "attribute_change",
                ["email": "new@example.com", "previous_email": "new@EXAMPLE.com"]
            )
            #expect(same["deliveries"]?.array?.count == 1)
        }
    }

    @Test("that recovers an account has a challenge of its own each time, but for the same session")
    func recovery() async throws {
        try await Installation.make(.branded()) { post in
            _ = try await post.up()
            func challenge(_ session: String?) async throws -> JSONValue? {
                var data: JSONObject = ["email": "a@example.com"]
                data["session"] = session.map(JSONValue.string)
                return try await post.accept("recovery", data)["challenge"]?["id"]
            }
            #expect(try await challenge(nil) != challenge(nil))
            #expect(try await challenge("s1") == challenge("s1"))
            #expect(try await challenge("s1") != challenge("s2"))
        }
    }

    @Test("has a code that lives as long as its ttl says, and its purpose's life without one")
    func lives() async throws {
        try await Installation.make(.branded()) { post in
            let up = try await post.start("gatepost", ["up"], variables: [post.clock])
            _ = try await up.line("ready")
            let short = try await post.accept("recovery", ["email": "a@example.com", "ttl": "10m"])
            let long = try await post.accept("recovery", ["email": "b@example.com"])
            let codes = (
                try await post.message(ofOnly: short)["code"]?.string ?? "",
                try await post.message(ofOnly: long)["code"]?.string ?? ""
            )
            func verify(_ answer: JSONValue, _ code: String) async throws -> Installation.Answer {
                try await post.verify(Accepted(.init(status: 202, body: answer, headers: [])), code)
            }
            try post.setClock(ahead: .seconds(601))
            #expect(try await verify(short, codes.0).problem == "code-expired")
            #expect(try await verify(long, codes.1).status == 200)
        }
    }
}
