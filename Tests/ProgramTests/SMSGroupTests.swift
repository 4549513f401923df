import JSON
import Testing

@Suite("A second factor over text message and mail", .timeLimit(.minutes(12)))
struct SMSGroupTests {
    /// An accepted event with a challenge on each channel.
    private struct Group {
        /// By channel: `sms`, `email`.
        var legs: [String: Accepted] = [:]

        init(_ answer: Installation.Answer) throws {
            for delivery in answer.body["deliveries"]?.array ?? [] {
                var answer = answer
                answer.body = ["challenge": delivery["challenge"] ?? nil, "deliveries": [delivery]]
                legs[delivery["channel"]?.string ?? ""] = try Accepted(answer)
            }
        }
    }

    private func grouping(
        _ change: (inout TextSettings) -> Void = { _ in },
        _ body: (Installation, SMSGatewayPeer) async throws -> Void
    ) async throws {
        var settings = TextSettings()
        settings.hasSandbox = true
        change(&settings)
        try await Installation.texting(settings) { post, peer in
            _ = try await post.server()
            _ = try await post.textWorker()
            try await body(post, peer)
        }
    }

    private func event(_ name: String, _ phone: String, _ data: JSONObject = [:]) -> JSONValue {
        var data = data
        data["email"] = .string(name + "@example.com")
        data["channels"] = ["sms", "email"]
        return Installation.text(name, to: phone, data)
    }

    private func codes(_ post: Installation, _ peer: SMSGatewayPeer, _ group: Group, _ phone: String) async throws
        -> (sms: String, email: String)
    {
        let email = try await post.code(of: try #require(group.legs["email"]))
        let text = try await eventually("a text message") { peer.taken(phone).first }
        return (text.code, email)
    }

    /// How a code is verified, and with which.
    private static let ways: [(target: String, code: String)] = [
        ("sms", "sms"), ("sms", "email"), ("email", "sms"), ("email", "email"), ("phone", "email"), ("mail", "sms"),
    ]

    @Test("goes out on both, either code verifies by either id or address, and the other is used up with it")
    func either() async throws {
        try await grouping { post, peer in
            _ = try await post.worker()
            for (index, way) in SMSGroupTests.ways.enumerated() {
                let (name, number) = ("p\(index)", phone(index))
                let answer = try await post.submit(event(name, number))
                #expect(answer.status == 202)
                #expect(answer.body["challenge"] == nil)
                let group = try Group(answer)
                #expect(group.legs.count == 2)
                let codes = try await codes(post, peer, group, number)
                let code = way.code == "sms" ? codes.sms : codes.email
                let other = way.code == "sms" ? codes.email : codes.sms

                func verify(_ code: String) async throws -> Installation.Answer {
                    if let leg = group.legs[way.target] { return try await post.verify(leg, code) }
                    let address: JSONObject =
                        way.target == "phone" ? ["phone": .string(number)] : ["email": .string(name + "@example.com")]
                    var body: JSONObject = ["purpose": "mfa", "code": .string(code)]
                    for member in address.members { body[member.name] = member.value }
                    return try await post.call("POST", "/v1/verify", .object(body))
                }
                let verified = try await verify(code)
                #expect(verified.status == 200, "\(way): \(verified.body)")
                #expect(verified.body["channel"] == .string(way.code))
                #expect(verified.body["challenge"] == (group.legs[way.code]?.challenge).map(JSONValue.string))
                for leg in group.legs.values {
                    for used in [code, other] { #expect(try await post.verify(leg, used).problem == "code-used") }
                }
                // By address there is none any more, which looks like a wrong code.
                if group.legs[way.target] == nil { #expect(try await verify(other).problem == "code-mismatch") }
            }
        }
    }

    @Test("that is answered by one channel is not sent on the other any more")
    func answered() async throws {
        // No worker takes mails.
        try await grouping { post, peer in
            let group = try Group(await post.submit(event("a", phone(1))))
            let (text, mail) = (try #require(group.legs["sms"]), try #require(group.legs["email"]))
            try await post.reached("accepted", text)
            #expect(try await post.state(mail) == "ready")
            #expect(try await post.verify(mail, peer.taken[0].code).body["channel"] == "sms")
            try await post.died(of: "answered", mail)
            // The text message was sent and stays so.
            #expect(try await post.state(text) == "accepted")
        }
    }

    @Test("loses one try of the group by a wrong code, whichever challenge it was tried on")
    func tries() async throws {
        try await grouping { post, peer in
            _ = try await post.worker()
            let group = try Group(await post.submit(event("a", phone(1))))
            let codes = try await codes(post, peer, group, phone(1))
            let legs = [try #require(group.legs["sms"]), try #require(group.legs["email"])]
            var number = 0
            var wrong: String {
                number += 1
                return [codes.sms, codes.email].contains("00000\(number)") ? "00001\(number)" : "00000\(number)"
            }
            for left in [4, 3, 2, 1] as [Int64] {
                let answer = try await post.verify(legs[Int(left) % 2], wrong)
                #expect(answer.problem == "code-mismatch")
                #expect(answer.body["tries_left"] == .integer(left))
                for leg in legs {
                    let challenge = try await post.call("GET", "/v1/challenges/\(leg.challenge)").body
                    #expect(challenge["tries_left"] == .integer(left))
                    let group = challenge["group"]?.array?.compactMap(\.string) ?? []
                    #expect(group.sorted() == legs.map(\.challenge).sorted())
                }
            }
            _ = try await post.verify(legs[0], wrong)
            for leg in legs {
                #expect(try await post.verify(leg, codes.sms).problem == "too-many-tries")
                #expect(try await post.call("GET", "/v1/challenges/\(leg.challenge)").body["state"] == "locked")
            }
        }
    }

    @Test("whose number may not be written to goes out by mail, and the answer says why and what is left")
    func refusedLeg() async throws {
        try await grouping { post, peer in
            _ = try await post.worker()
            let first = try await post.submit(event("a", "+447400123456"))
            for (answer, status) in [(first, 202), (try await post.submit(event("a", "+447400123456")), 200)] {
                #expect(answer.status == status)
                let refused = try #require(answer.body["refused"]?.array)
                #expect(refused.count == 1)
                #expect(refused.first?["channel"] == "sms")
                let problem = try #require(refused.first?["problem"])
                #expect(problem["type"] == "urn:gatepost:problem:destination-refused")
                #expect(problem["status"] == 422)
                #expect(problem["country"] == "GB")
                #expect(problem["reason"] == "country")
                #expect(problem["other_channels"] == [])
                #expect(answer.body["deliveries"]?.array?.map { $0["channel"] } == ["email"])
                #expect(answer.body["challenge"]?["id"] != nil)
            }
            let one = try Accepted(first)
            #expect(try await post.verify(one, post.code(of: one)).body["channel"] == "email")
            #expect(peer.requests.isEmpty)
            #expect(try await post.settledLedger(peer).stories.isEmpty)
        }
    }

    @Test("where both are wanted is refused as a whole, and costs nothing, when one of them is")
    func allOrNothing() async throws {
        try await grouping { post, peer in
            let answer = try await post.submit(event("a", "+447400123456", ["any_of": false]))
            #expect(answer.status == 422)
            #expect(answer.problem == "destination-refused")
            #expect(answer.body["other_channels"] == ["email"])
            #expect(try await post.count("ready") == 0)
            #expect(try await post.settledLedger(peer).stories.isEmpty)
        }
    }

    @Test("whose text message dies later still verifies by the code of the mail")
    func deadLeg() async throws {
        let settings: (inout TextSettings) -> Void = { $0.lines += "\nrefused = [\"2xx\"]\naccepted = [299]" }
        try await grouping(settings) { post, peer in
            _ = try await post.worker()
            let group = try Group(await post.submit(event("a", phone(1))))
            let (text, mail) = (try #require(group.legs["sms"]), try #require(group.legs["email"]))
            try await post.died(of: "refused", text)
            let code = try await post.code(of: mail)
            #expect(try await post.verify(text, code).body["channel"] == "email")
        }
    }
}
