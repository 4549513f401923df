import Clocks
import Foundation
import JSON
import Testing

@Suite("gatepost hold and suppress", .timeLimit(.minutes(12)))
struct HoldCommandTests {
    private static let prices = """
        gateway,country,prefix,mcc,mnc,sender_type,unit_price,currency,fee,valid_from,valid_to,source
        ,US,1,,,,0.01,USD,,,,
        ,BS,1242,,,,0.04,USD,,,,

        """

    /// A server with a sandbox that also writes to the Bahamas.
    private func serving(_ body: (Installation) async throws -> Void) async throws {
        var settings = InstallationSettings.sandbox
        settings.tables += ["[countries]\nallow = [\"US\", \"BS\"]", "[prices]\nfiles = [\"own.csv\"]"]
        try await Installation.make(settings) { post in
            try post.write(HoldCommandTests.prices, to: "own.csv")
            _ = try await post.server()
            try await body(post)
        }
    }

    @Test(
        "hold add says the id in one line, from then on what it covers is refused, and remove ends that",
        arguments: [("prefix", "+1242"), ("country", "bs"), ("tenant", "default")]
    )
    func holds(scope: String, value: String) async throws {
        try await serving { post in
            let added = try await post.gatepost("hold", "add", scope, value, "--reason", "pumping")
            #expect(added.code == 0)
            let words = added.output.split(separator: " ").map(String.init)
            #expect(added.output.split(separator: "\n").count == 1)
            try #require(words.count == 6)
            #expect([words[0], words[2], words[3].lowercased(), words[4]] == ["hold", scope, value, "until"])

            let refused = try await post.gatepost("emit", "mfa", "--phone", "+12423591234")
            #expect(refused.code == 1)
            #expect(refused.complaint.contains("(held, reason: pumping, until \(words[5])"))
            let listed = try await post.gatepost("hold", "list")
            #expect(listed.output.contains(words[1]) && listed.output.contains("pumping"))

            let removed = try await post.gatepost("hold", "remove", words[1])
            #expect(removed.code == 0)
            #expect(try await post.gatepost("emit", "mfa", "--phone", "+12423591234").code == 0)
            #expect(try await post.gatepost("hold", "list", "--json").json["items"] == [])
        }
    }

    @Test("a held gateway shows in the status, and what waits for it is parked as held until it is removed")
    func gateway() async throws {
        try await serving { post in
            let held = try await post.gatepost(
                "hold",
                "add",
                "gateway",
                "sandbox-email",
                "--reason",
                "blocked",
                "--json"
            )
            let id = try #require(held.json["id"]?.string)
            let waiting = try await post.signUp("a@example.com")
            #expect(try await post.state(waiting) == "parked")
            let status = try await post.gatepost("status")
            let lines = status.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
            #expect(lines.contains { $0.prefix(3) == ["sandbox-email", "held", "blocked"] })
            #expect(status.output.contains("gateway sandbox-email is held until"))
            let list = try await post.gatepost("list", "--state", "parked", "--reason", "held")
            #expect(list.output.contains(waiting.delivery))

            #expect(try await post.gatepost("hold", "remove", id).code == 0)
            try await post.reached("ready", waiting)
            #expect(try await !post.gatepost("status").output.contains("held"))
        }
    }

    @Test(
        "suppress add says the id in one line, nothing is written to the recipient, and remove ends that",
        arguments: [("--email", "Nobody@example.com"), ("--phone", "+12423591234")]
    )
    func suppresses(option: String, address: String) async throws {
        try await serving { post in
            let added = try await post.gatepost("suppress", "add", option, address, "--reason", "complaint")
            #expect(added.code == 0)
            #expect(added.output.split(separator: "\n").count == 1)
            let words = added.output.split(separator: " ").map(String.init)
            try #require(words.count == 4)
            #expect(words[0] == "suppression" && words[3].contains("***"))

            let refused = try await post.gatepost("emit", "recovery", option, address)
            #expect(refused.code == 1)
            #expect(refused.complaint.contains("(suppressed, reason: complaint, ref_"))
            let listed = try await post.gatepost("suppress", "list")
            #expect(listed.output.contains(words[1]) && listed.output.contains(words[3]))
            #expect(!listed.output.lowercased().contains(address.lowercased()))

            #expect(try await post.gatepost("suppress", "remove", words[1]).code == 0)
            #expect(try await post.gatepost("emit", "recovery", option, address).code == 0)
        }
    }

    @Test("a suppression of one tenant leaves the others alone")
    func tenant() async throws {
        try await serving { post in
            let added = try await post.gatepost(
                "suppress",
                "add",
                "--email",
                "a@example.com",
                "--tenant",
                "shop",
                "--json"
            )
            #expect(added.json["tenant"] == "shop")
            #expect(try await post.gatepost("emit", "recovery", "--email", "a@example.com").code == 0)
            let refused = try await post.gatepost("emit", "recovery", "--email", "a@example.com", "--tenant", "shop")
            #expect(refused.complaint.contains("suppressed"))
            let unknown = try await post.gatepost("suppress", "add", "--email", "a@example.com", "--tenant", "nobody")
            #expect(unknown.code == 1)
        }
    }

    @Test("the end is what --until or --for says; without them a hold has a day and a suppression has none")
    func ends() async throws {
        try await serving { post in
            /// How long a hold lasts from about now, in seconds.
            func life(_ words: String...) async throws -> Double {
                let start = Date().timeIntervalSince1970.rounded(.down)
                let run = try await post.run("gatepost", ["hold", "add", "country", "BS", "--json"] + words)
                let until = try #require(run.json["until"]?.string.flatMap(Instant.init(rfc3339:)))
                return Double(until.milliseconds) / 1000 - start
            }
            let slowest = 600.0
            let hours = try await life("--for", "2h")
            #expect((7200...7200 + slowest).contains(hours))
            let day = try await life()
            #expect((86_400...86_400 + slowest).contains(day))
            let far = try await post.gatepost("hold", "add", "country", "BS", "--until", "2100-01-01")
            #expect(far.code == 1 && far.complaint.contains("/until"))
            // One of the same scope and value takes the place of the one before.
            #expect(try await post.gatepost("hold", "list", "--json").json["items"]?.array?.count == 1)

            let ever = try await post.gatepost("suppress", "add", "--email", "a@example.com", "--json")
            #expect(ever.json["until"] == .null)
            let once = try await post.gatepost("suppress", "add", "--email", "b@example.com", "--until", "2100-01-01")
            #expect(once.output.hasSuffix("until 2100-01-01T00:00:00.000Z"))
        }
    }

    @Test("lists print the body of the endpoint with --json, and a page at a time")
    func lists() async throws {
        try await serving { post in
            for name in ["a", "b", "c"] {
                #expect(try await post.gatepost("suppress", "add", "--email", "\(name)@example.com").code == 0)
            }
            #expect(try await post.gatepost("hold", "add", "prefix", "1242").code == 0)
            for (words, path) in [(["suppress", "list"], "/v1/suppressions"), (["hold", "list"], "/v1/holds")] {
                let run = try await post.run("gatepost", words + ["--json"])
                #expect(run.json == (try await post.call("GET", path).body))
            }
            let first = try await post.gatepost("suppress", "list", "--limit", "2")
            let last = try #require(first.output.split(separator: "\n").last)
            #expect(last.hasPrefix("more: --cursor sp_"))
            let cursor = String(last.split(separator: " ")[2])
            let second = try await post.gatepost("suppress", "list", "--limit", "2", "--cursor", cursor, "--json")
            #expect(second.json["items"]?.array?.count == 1)
            #expect(second.json["next"] == .null)
        }
    }

    @Test("what the server refuses, and an id that is not there, end with 1 and the reason")
    func refused() async throws {
        try await serving { post in
            for words in [
                ["hold", "add", "country", "XX"], ["hold", "add", "gateway", "nothing"],
                ["hold", "add", "prefix", "x"],
                ["hold", "remove", "hd_00000000000000000000000000000000"], ["suppress", "add", "--email", "nobody"],
                ["suppress", "remove", "sp_00000000000000000000000000000000"],
            ] {
                let run = try await post.run("gatepost", words)
                #expect(run.code == 1)
                #expect(run.complaint.contains(words[1] == "remove" ? "not-found" : "invalid-"))
                #expect(run.output.isEmpty)
            }
        }
    }

    @Test(
        "wrong words end with 2 and say where the help is",
        arguments: [
            ["hold"], ["hold", "burn"], ["hold", "add"], ["hold", "add", "prefix"], ["hold", "add", "planet", "earth"],
            ["hold", "add", "country", "BS", "--for", "soon"], ["hold", "add", "country", "BS", "--until", "soon"],
            ["hold", "add", "country", "BS", "--for", "2h", "--until", "2100-01-01"], ["hold", "remove"],
            ["hold", "list", "all"], ["suppress"], ["suppress", "burn"], ["suppress", "add"],
            ["suppress", "add", "--email", "a@example.com", "--phone", "+12015550123"],
            ["suppress", "add", "a@example.com"], ["suppress", "remove"], ["suppress", "list", "--wrong"],
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
        "without a server they end with 69",
        arguments: [
            ["hold", "list"], ["hold", "add", "country", "BS"], ["hold", "remove", "hd_1"], ["suppress", "list"],
            ["suppress", "add", "--email", "a@example.com"], ["suppress", "remove", "sp_1"],
        ]
    )
    func noServer(words: [String]) async throws {
        try await Installation.make(.sandbox) { post in
            let run = try await post.run("gatepost", words)
            #expect(run.code == 69)
            #expect(run.complaint.contains("gatepost up"))
        }
    }

    @Test(
        "each has a help, also behind its action",
        arguments: [["hold"], ["hold", "add"], ["suppress"], ["suppress", "list"]]
    )
    func help(words: [String]) async throws {
        try await Installation.make(.sandbox) { post in
            let run = try await post.run("gatepost", words + ["--help"])
            #expect(run.code == 0)
            #expect(run.output.contains("usage: gatepost \(words[0]) add"))
        }
    }
}
