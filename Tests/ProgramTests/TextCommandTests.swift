import JSON
import Testing

@Suite("The gatepost command, by text message", .timeLimit(.minutes(12)))
struct TextCommandTests {
    @Test("takes a second factor by text message from init to a verified code, and shows what it cost")
    func walkByText() async throws {
        try await Installation.make(.sandbox) { post in
            let folder = post.path("new")
            #expect(try await post.gatepost("init", folder).code == 0)
            let config = ["--config", folder + "/gatepost.toml"]
            let up = try await post.start(
                "gatepost",
                ["up"] + config,
                variables: ["GATEPOST_SERVER_LISTEN="]
            )
            _ = try await up.line("ready")
            let emitted = try await post.run("gatepost", ["emit", "mfa", "--phone", "+12015550123"] + config)
            #expect(emitted.code == 0, "\(emitted.complaint)")
            let challenge = try #require(emitted.output.split(separator: " ").last.map(String.init))
            let message = try await eventually("a message in the sandbox") {
                let shown = try await post.run("gatepost", ["sandbox", "show", "--json"] + config)
                return shown.code == 0 ? shown.json.object : nil
            }
            #expect(message["channel"] == "sms")
            #expect(message["to"] == "+12015550123")
            let code = try #require(message["code"]?.string)
            let verified = try await post.run("gatepost", ["verify", challenge, code, "--json"] + config)
            #expect(verified.json["channel"] == "sms")
            let spend = try await post.run("gatepost", ["spend", "--json"] + config)
            #expect(spend.json["rows"]?.array?.first?["verified"] == 1)
            #expect(spend.json["totals"]?.array?.first?["messages"] == 1)
        }
    }
}
