import Foundation
import JSON
import Synchronization
import Testing

@Suite("The gatepost command", .timeLimit(.minutes(12)))
struct CommandTests {
    @Test("takes a new installation from init to a verified code with no setting touched")
    func walk() async throws {
        try await Installation.make(.sandbox) { post in
            let folder = post.path("new")
            let made = try await post.gatepost("init", folder)
            #expect(made.code == 0)
            #expect(try mode(folder + "/keys.toml") == 0o600)
            let config = ["--config", folder + "/gatepost.toml"]
            // The port of the settings as they are made may be taken on this machine.
            let up = try await post.start(
                "gatepost",
                ["up"] + config,
                variables: ["GATEPOST_SERVER_LISTEN=127.0.0.1:0"]
            )
            #expect(try await up.line("listening http").hasPrefix("listening http://127.0.0.1:"))
            _ = try await up.line("ready")
            #expect(up.complaints.contains("SANDBOX"))

            let emitted = try await post.run("gatepost", ["emit", "sign_up", "--email", "you@example.com"] + config)
            #expect(emitted.code == 0)
            let lines = emitted.output.split(separator: "\n").map(String.init)
            #expect(lines.count == 2)
            #expect(lines.first?.hasPrefix("delivery dl_") == true)
            let challenge = try #require(lines.last?.split(separator: " ").last.map(String.init))
            #expect(lines.last == "challenge \(challenge)" && challenge.hasPrefix("ch_"))

            let message = try await eventually("a message in the sandbox") {
                let shown = try await post.run("gatepost", ["sandbox", "show", "--json"] + config)
                return shown.code == 0 ? shown.json.object : nil
            }
            let code = try #require(message["code"]?.string)
            #expect(message["to"] == "you@example.com")
            let shown = try await post.run("gatepost", ["sandbox", "show"] + config)
            #expect(shown.output.contains(code))

            let verified = try await post.run("gatepost", ["verify", challenge, code, "--json"] + config)
            #expect(verified.code == 0)
            #expect(verified.json["result"] == "verified")
            let again = try await post.run("gatepost", ["verify", challenge, code] + config)
            #expect(again.code == 1)
            #expect(again.complaint.contains("code-used"))
            up.terminate()
            #expect(await up.exitCode() == 0)
        }
    }

    @Test("--manual is a manual page with every command that --help names")
    func manual() async throws {
        try await Installation.make(.sandbox) { post in
            let help = try await post.gatepost("--help")
            let names = help.output.split(separator: "\n").filter { $0.hasPrefix("  ") }.compactMap {
                $0.split(separator: " ").first.map(String.init)
            }
            let manual = try await post.gatepost("--manual")
            #expect(manual.code == 0 && manual.output.hasPrefix(".TH GATEPOST 1\n"))
            #expect(names.count > 15)
            for name in names { #expect(manual.output.contains("\n.B gatepost \(name)\n"), "\(name)") }
            let suppress = try #require(
                manual.output.components(separatedBy: ".TP\n").first { $0.hasPrefix(".B gatepost suppress\n") }
            )
            // What is typed, what it is for, and more about it are apart.
            let parts = suppress.components(separatedBy: "\n.IP\n")
            #expect(parts.count == 3 && parts[0].hasSuffix("\n.br\n| list [\\-\\-limit N] [\\-\\-cursor ID]"))
            #expect(parts.dropFirst().first == "recipients that must not be written to")
            #expect(parts.last?.hasPrefix("Nothing is written to a suppressed recipient") == true)
        }
    }

    @Test("init overwrites nothing and ends with 1 where there is an installation")
    func initKeeps() async throws {
        try await Installation.make(.sandbox) { post in
            let before = FileManager.default.contents(atPath: post.path("keys.toml"))
            let again = try await post.gatepost("init", ".")
            #expect(again.code == 1)
            #expect(again.complaint.contains("gatepost.toml"))
            #expect(FileManager.default.contents(atPath: post.path("keys.toml")) == before)
        }
    }

    @Test("prints the body of the endpoint with --json, and a table without")
    func prints() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.up()
            let emitted = try await post.gatepost(
                "emit",
                "sign_up",
                "--email",
                "a@example.com",
                "--subject",
                "u1",
                "--json"
            )
            #expect(emitted.code == 0)
            #expect(emitted.json["status"] == "accepted")
            let delivery = try #require(emitted.json["deliveries"]?.array?.first?["id"]?.string)
            let challenge = try #require(emitted.json["challenge"]?["id"]?.string)

            let list = try await post.gatepost("list", "--json")
            #expect(list.json["items"]?.array?.map { $0["id"] } == [.string(delivery)])
            #expect(list.json["next"] == .null)
            #expect(!list.output.contains("a@example.com"))
            for words in [["list"], ["list", "--subject", "u1"], ["list", "--challenge", challenge]] {
                #expect(try await post.run("gatepost", words).output.contains(delivery))
            }
            #expect(try await !post.gatepost("list", "--subject", "u2").output.contains(delivery))

            let status = try await post.gatepost("status", "--json")
            #expect(status.json["store"] == "sqlite")
            #expect(status.json["sandbox"] == true)
            #expect(try await post.gatepost("status").output.contains("SANDBOX"))
            let shown = try await post.gatepost("show", delivery, "--json")
            #expect(shown.json["challenge"] == .string(challenge))
            #expect(try await post.gatepost("show", challenge).output.contains("open"))
            #expect(try await post.gatepost("show", challenge, "--json").json["tries_left"] == 5)
            let token = try await post.gatepost("token", "create", "--scope", "events,codes", "--json")
            #expect(token.json["scopes"] == ["events", "codes"])
            #expect(token.json["token"]?.string?.hasPrefix("gp_") == true)
        }
    }

    @Test("lists, shows and clears what the sandbox kept, and verifies without --json")
    func sandbox() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.up()
            #expect(try await post.gatepost("sandbox", "show").code == 1)
            let one = try await post.signUp("a@example.com")
            let code = try await post.code(of: one)
            let two = try await post.signUp("b@example.com")
            _ = try await post.code(of: two)
            let list = try await post.gatepost("sandbox", "list", "--to", "A@example.com")
            #expect(list.output.contains(one.delivery))
            #expect(!list.output.contains(two.delivery))
            #expect(try await post.gatepost("sandbox", "list", "--json").json["items"]?.array?.count == 2)
            #expect(try await post.gatepost("sandbox", "show").output.contains(two.delivery))
            #expect(try await post.gatepost("sandbox", "show", one.delivery).output.contains(code))
            let verified = try await post.gatepost("verify", one.challenge, code)
            #expect(verified.code == 0)
            #expect(verified.output == "verified \(one.challenge)")
            let mistaken = try await post.gatepost("verify", one.challenge, wrong(code), "--json")
            #expect(mistaken.code == 1)
            #expect(mistaken.json["type"] == "urn:gatepost:problem:code-used")
            #expect(try await post.gatepost("sandbox", "clear").code == 0)
            #expect(try await post.gatepost("sandbox", "list", "--json").json["items"] == [])
        }
    }

    @Test("submits a file of events line by line, says which it refuses, and ends with 1 where one was refused")
    func file() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.server()
            let good = Installation.event("1", to: "a@example.com")
            let bad = Installation.event("2", to: "nobody")
            let lines = [good, bad, Installation.event("3", to: "c@example.com")]
                .map { String(decoding: $0.serialized(), as: UTF8.self) }
            try Data((lines.joined(separator: "\n") + "\nno json\n").utf8)
                .write(to: URL(filePath: post.path("events.ndjson")))
            let run = try await post.gatepost("emit", "--file", "events.ndjson")
            #expect(run.code == 1)
            #expect(run.output.split(separator: "\n").filter { $0.hasPrefix("delivery") }.count == 2)
            #expect(run.complaint.contains("events.ndjson:2:"))
            #expect(run.complaint.contains("events.ndjson:4:"))
            // What helps to find out why.
            let line = run.complaint.split(separator: "\n").first { $0.contains("events.ndjson:2:") } ?? ""
            #expect(line.contains("at /data/email") && line.contains("ref_"))
            #expect(try await post.count("ready") == 2)
        }
    }

    @Test("says where there is no sandbox that there is none, and how one is made")
    func noSandbox() async throws {
        try await Installation.make(.mail(port: 1)) { post in
            _ = try await post.server()
            for words in [["list"], ["show"], ["clear"]] {
                let run = try await post.run("gatepost", ["sandbox"] + words)
                #expect(run.code == 1 && run.complaint.contains("sandbox.enabled = true"))
            }
        }
    }

    @Test("tells of a file that the server's end cut off how far it came, and that the same again is safe")
    func fileCutOff() async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.server()
            let lines = (1...200).map { number in
                let event = Installation.event("\(number)", to: "person-\(number)@example.com")
                return String(decoding: event.serialized(), as: UTF8.self)
            }
            try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: post.path("events.ndjson")))
            // The answer to the hundredth does not come before the server's end.
            let count = Mutex(0)
            let relay = try ServerRelay(
                post.path("run/r.sock"),
                to: post.path("run/gatepost.sock"),
                swallows: { call in
                    guard call.line.contains("/v1/events ") else { return false }
                    return count.withLock { count in
                        count += 1
                        return count == 100
                    }
                }
            )
            let command = try await post.start(
                "gatepost",
                ["emit", "--file", "events.ndjson"],
                variables: ["GATEPOST_SERVER_SOCKET=run/r.sock"]
            )
            try await eventually("a hundred events") { count.withLock { $0 } == 100 }
            server.kill()
            await server.exitCode()
            relay.stop()
            #expect(await command.exitCode() == 69)
            let accepted = command.lines.count { $0.hasPrefix("delivery") }
            #expect(command.complaints.contains("events.ndjson:\(accepted + 1): "))
            #expect(
                command.complaints.contains(
                    "Before it \(accepted) events were accepted. The same command again is safe"
                )
            )
        }
    }

    @Test(
        "ends with 2 for wrong words and says where the help is",
        arguments: [
            ["nonsense"], ["emit"], ["verify", "ch_1"], ["show"], ["status", "--wrong"], ["token"],
            ["token", "create"], ["token", "revoke"], ["token", "list", "tk_1"], ["token", "burn"],
            ["sandbox", "burn"], ["pause", "fax"], ["emit", "foo", "--email", "a@example.com"],
            ["sandbox", "clear", "--to", "a@example.com"], ["emit", "sign_up", "--email"],
        ]
    )
    func wrongWords(words: [String]) async throws {
        try await Installation.make(.sandbox) { post in
            let run = try await post.run("gatepost", words)
            #expect(run.code == 2)
            #expect(run.complaint.contains("gatepost --help"))
            #expect(run.output.isEmpty)
        }
    }

    @Test(
        "ends with 69 where no server runs",
        arguments: [
            ["status"], ["list"], ["show", "dl_1"], ["emit", "sign_up", "--email", "a@example.com"],
            ["verify", "ch_1", "1"],
            ["sandbox", "list"], ["token", "create", "--scope", "read"], ["token", "list"],
            ["token", "revoke", "tk_1"],
        ]
    )
    func noServer(words: [String]) async throws {
        try await Installation.make(.sandbox) { post in
            let run = try await post.run("gatepost", words)
            #expect(run.code == 69)
            #expect(run.complaint.contains("gatepost up"))
        }
    }

    @Test("ends with 78 where there are no settings, and names init")
    func noSettings() async throws {
        try await Installation.make(.sandbox) { post in
            let run = try await post.gatepost("status", "--config", "elsewhere.toml")
            #expect(run.code == 78)
            #expect(run.complaint.contains("gatepost init"))
        }
    }

    @Test("ends with 1 where the server refuses, with the reason on standard error")
    func refused() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.server()
            let unknown = try await post.gatepost("show", "dl_00000000000000000000000000000000")
            #expect(unknown.code == 1)
            #expect(unknown.complaint.contains("not-found"))
            let invalid = try await post.gatepost("emit", "sign_up", "--email", "nobody")
            #expect(invalid.code == 1)
            #expect(invalid.complaint.contains("/data/email"))
        }
    }

    @Test(
        "has a help for itself and for each command",
        arguments: [
            [], ["up"], ["init"], ["emit"], ["verify"], ["status"], ["list"], ["show"], ["sandbox"], ["token"],
            ["template"],
        ]
    )
    func help(words: [String]) async throws {
        try await Installation.make(.sandbox) { post in
            let run = try await post.run("gatepost", words + ["--help"])
            #expect(run.code == 0)
            #expect(run.output.contains("usage: gatepost \(words.first ?? "")"))
        }
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}
