import Foundation
import JSON
import SMTPSink
import Testing

@Suite("A replay", .timeLimit(.minutes(12)))
struct ReplayTests {
    /// A mail server that refuses everybody at first.
    private func serving(
        _ refused: Int,
        _ body: (Installation, SMTPSink) async throws -> Void
    ) async throws {
        let rules = (0..<1).map { _ in SinkRule(.recipient, .replyFirst("550 5.1.1 Unknown user")) }
        let sink = try SMTPSink(script: SinkScript(rules: rules))
        try await Installation.make(.mail(port: sink.port)) { post in
            _ = try await post.up()
            try await body(post, sink)
        }
    }

    private func replay(
        _ post: Installation,
        _ filter: JSONObject,
        _ more: JSONObject = [:],
        key: String? = nil
    ) async throws -> Installation.Answer {
        var body = more
        body["filter"] = .object(filter)
        let headers = key.map { [(name: "Idempotency-Key", value: $0)] } ?? []
        return try await post.call("POST", "/v1/replays", .object(body), headers: headers)
    }

    private func ended(_ post: Installation, _ answer: Installation.Answer) async throws -> JSONValue {
        guard answer.status == 202, let id = answer.body["replay"]?.string else {
            throw Disappointment("a replay was answered \(answer.status): \(answer.body)")
        }
        return try await eventually("the end of \(id)") {
            let replay = try await post.call("GET", "/v1/replays/\(id)").body
            return replay["state"] == "done" ? Optional(replay) : Optional.none
        }
    }

    @Test("sends a fresh code under the challenge whose page is still open, once, however often it is asked for")
    func sendsOnce() async throws {
        try await serving(1) { post, sink in
            let one = try await post.signUp("ann@example.com")
            try await post.died(of: "refused", one)
            let dry = try await replay(post, ["reason": "refused"], ["dry_run": true])
            #expect(dry.status == 200)
            #expect(dry.body["replay"] == .null && dry.body["dry_run"] == true && dry.body["matched"] == 1)
            #expect(dry.body["deliveries"] == 1)
            #expect(sink.mails.isEmpty)
            let first = try await replay(post, ["reason": "refused"], key: "k")
            let end = try await ended(post, first)
            #expect(end["deliveries"] == 1 && end["matched"] == 1)
            #expect(try await replay(post, ["reason": "refused"], key: "k").body["replay"] == first.body["replay"])
            #expect(try await replay(post, ["reason": "expired"], key: "k").problem == "conflict")
            let again = try await ended(post, replay(post, ["ids": [.string(one.delivery)]]))
            #expect(again["deliveries"] == 0 && again["skipped"]?["superseded"] == 1)
            let mail = ReceivedMail(try #require(try await sink.mails(count: 1, within: patience).first))
            let found = try await post.call("GET", "/v1/deliveries?replay=\(end["replay"]?.string ?? "")").body
            let fresh = try #require(found["items"]?.array?.first)
            #expect(fresh["challenge"] == .string(one.challenge))
            #expect(fresh["replay"] == end["replay"])
            let code = try #require(mail.code)
            let verified = try await post.verify(one, code)
            #expect(verified.status == 200)
            let late = try await ended(post, replay(post, ["ids": [.string(one.delivery)]]))
            #expect(late["skipped"]?["verified"] == 1)
            #expect(sink.mails.count == 1)
        }
    }

    @Test("skips what is suppressed or the application's own, and says how many of each")
    func skips() async throws {
        try await serving(1) { post, sink in
            let one = try await post.signUp("ann@example.com")
            try await post.died(of: "refused", one)
            _ = try await post.call("POST", "/v1/suppressions", ["email": "ann@example.com"])
            let end = try await ended(post, replay(post, ["purpose": "sign_up"]))
            #expect(end["deliveries"] == 0 && end["skipped"]?["suppressed"] == 1)
            #expect(sink.mails.isEmpty)
        }
    }

    @Test("is refused for what it does not know, with the member")
    func refuses() async throws {
        try await serving(0) { post, _ in
            let wrong: [(JSONObject, JSONObject, String)] = [
                (["colour": "red"], [:], "/filter/colour"), (["purpose": "nothing"], [:], "/filter/purpose"),
                (["state": "ready"], [:], "/filter/state"), (["ids": ["dl_1"]], [:], "/filter/ids"),
                (["since": "soon"], [:], "/filter/since"), ([:], ["rate": "fast"], "/rate"),
                ([:], ["limit": 0], "/limit"), ([:], ["dry_run": "yes"], "/dry_run"), ([:], ["more": 1], "/more"),
            ]
            for (filter, more, pointer) in wrong {
                let answer = try await replay(post, filter, more)
                #expect(answer.problem == "invalid-request" && answer.body["pointer"] == .string(pointer))
            }
            #expect(try await post.call("GET", "/v1/replays/rp_1").problem == "not-found")
        }
    }

    @Test("goes on after the server was killed, at its rate, and loses and doubles nothing")
    func survives() async throws {
        let sink = try SMTPSink(
            script: SinkScript(rules: [SinkRule(.recipient, .replyFirst("550 5.1.1 Unknown user"))])
        )
        try await Installation.make(.mail(port: sink.port)) { post in
            let server = try await post.server()
            _ = try await post.worker()
            for one in try await post.signUps(12) { try await post.died(of: "refused", one) }
            let begun = try await replay(post, ["reason": "refused"], ["rate": "5/1s"])
            #expect(begun.status == 202)
            server.kill()
            await server.exitCode()
            _ = try await post.server()
            let end = try await ended(post, begun)
            #expect(end["deliveries"] == 12)
            _ = try await sink.mails(count: 12, within: patience)
            try await post.rest(of: "email")
            #expect(sink.mails.count == 12)
        }
    }

    @Test("is followed by its command over a restart of the server, which has told the id before")
    func followed() async throws {
        let sink = try SMTPSink(
            script: SinkScript(rules: [SinkRule(.recipient, .replyFirst("550 5.1.1 Unknown user"))])
        )
        try await Installation.make(.mail(port: sink.port)) { post in
            let server = try await post.server()
            _ = try await post.worker()
            for one in try await post.signUps(12) { try await post.died(of: "refused", one) }
            let command = try await post.start(
                "gatepost",
                ["replay", "--reason", "refused", "--rate", "5/1s", "--yes", "--json"]
            )
            try await eventually("the id of the replay") {
                command.complaints.hasPrefix("replay rp_") && command.complaints.hasSuffix("\n")
            }
            #expect(command.lines.isEmpty)
            server.kill()
            await server.exitCode()
            _ = try await post.server()
            #expect(await command.exitCode() == 0)
            let end = try JSONValue(parsing: [UInt8](command.lines.joined().utf8))
            #expect(command.complaints == "replay \(end["replay"]?.string ?? "")\n")
            #expect(end["state"] == "done" && end["deliveries"] == 12)
            _ = try await sink.mails(count: 12, within: patience)
        }
    }

    @Test("is asked for on the command line: a look, a word of agreement, and the count")
    func commands() async throws {
        try await serving(1) { post, sink in
            let one = try await post.signUp("ann@example.com")
            try await post.died(of: "refused", one)
            let dead = try await post.gatepost("dead", "--reason", "refused")
            #expect(dead.output.contains(one.delivery))
            let unsure = try await post.gatepost("replay", "--reason", "refused")
            #expect(unsure.code == 2 && unsure.complaint.contains("--yes") && sink.mails.isEmpty)
            let look = try await post.gatepost("replay", one.delivery, "--dry-run")
            #expect(look.code == 0 && look.output.contains("would be sent"))
            let sent = try await post.gatepost("replay", "--reason", "refused", "--yes", "--json")
            #expect(sent.code == 0 && sent.json["deliveries"] == 1 && sent.json["state"] == "done")
            let id = sent.json["replay"]?.string ?? ""
            #expect(sent.complaint == "replay \(id)\n")
            #expect(try await post.gatepost("show", id, "--json").json == sent.json)
            let shown = try await post.gatepost("show", id)
            #expect(shown.code == 0 && shown.output.contains("replay        \(id)\nstate         done"))
            #expect(try await post.gatepost("replay").code == 2)
            _ = try await sink.mails(count: 1, within: patience)
        }
    }
}
