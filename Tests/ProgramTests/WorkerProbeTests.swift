import JSON
import SMTPSink
import Testing

@Suite("A worker program with --probe", .timeLimit(.minutes(12)))
struct WorkerProbeTests {
    @Test("tries the gateways of its channel once, without a server, says a line of each and ends")
    func tries() async throws {
        let sink = try SMTPSink()
        var settings = TextSettings()
        settings.tables = [
            InstallationSettings.gateway("mail", port: sink.port), InstallationSettings.gateway("gone", port: 1),
        ]
        try await Installation.texting(settings) { post, peer in
            let all = try await post.run("gatepost-email-worker", ["--probe"])
            #expect(all.code == 1)
            let lines = all.output.split(separator: "\n").compactMap { try? JSONValue(parsing: [UInt8]($0.utf8)) }
            #expect(lines.count == 2)
            let mail = lines.first { $0["gateway"] == "mail" }
            let gone = lines.first { $0["gateway"] == "gone" }
            #expect(mail?["result"] == "ok" && mail?["code"]?.isNull == true)
            #expect(gone?["result"] == "unreachable" && gone?["code"] == "unreachable")
            #expect(mail?["ms"]?.int != nil)
            let one = try await post.run("gatepost-email-worker", ["--probe", "mail", "--config", "gatepost.toml"])
            #expect((one.code, one.output.split(separator: "\n").count) == (0, 1))
            let texts = try await post.run("gatepost-sms-worker", ["--probe"])
            #expect((texts.code, texts.json["result"]) == (0, "ok"))
            #expect(peer.requests.isEmpty)
            #expect(sink.counters.taken == 0)
        }
    }

    @Test("ends with 2 for a gateway that its channel does not have, and with 78 for settings that cannot be read")
    func wrong() async throws {
        try await Installation.make(.sandbox) { post in
            let run = try await post.run("gatepost-email-worker", ["--probe", "sandbox-sms"])
            #expect(run.code == 2)
            #expect(run.complaint.contains("no gateway sandbox-sms for email"))
            #expect(try await post.run("gatepost-email-worker", ["--probe", "--config", "nowhere.toml"]).code == 78)
            #expect(try await post.run("gatepost-email-worker", ["--probe", "--fast"]).code == 2)
            #expect(try await post.run("gatepost-email-worker", ["--probe"]).code == 0)
        }
    }
}
