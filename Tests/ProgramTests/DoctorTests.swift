import Clocks
import Foundation
import JSON
import SMTPSink
import Testing

@Suite("gatepost doctor", .timeLimit(.minutes(12)))
struct DoctorTests {
    /// What doctor says with `--json`, by check; the last of a name that is not `ok` counts.
    struct Report {
        var code: Int32
        var checks: [JSONValue]

        func state(_ name: String) -> String? { check(name)?["state"]?.string }
        func words(_ name: String) -> String { check(name)?["detail"]?.string ?? "" }

        private func check(_ name: String) -> JSONValue? {
            let those = checks.filter { $0["name"] == .string(name) }
            return those.first { $0["state"] == "failed" } ?? those.first { $0["state"] == "warning" } ?? those.first
        }

        var failed: [String] {
            checks.filter { $0["state"] == "failed" }.compactMap { $0["name"]?.string }
        }
    }

    private func doctor(_ post: Installation, variables: [String] = []) async throws -> Report {
        let run = try await post.gatepost("doctor", "--json", variables: variables)
        let checks = run.json["checks"]?.array ?? []
        for check in checks {
            // What is in order wants nothing to be done.
            #expect((check["state"] == "ok") == (check["remedy"]?.isNull == true), "\(check)")
        }
        let report = Report(code: run.code, checks: checks)
        #expect(report.code == (report.failed.isEmpty ? 0 : 1), "\(run.output) \(run.complaint)")
        return report
    }

    @Test("sees the carriers of a server whose wall clock has just been set forward by a day")
    func clockSetForward() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.onClock("gatepost")
            for channel in ["email", "sms"] {
                try await eventually("a carrier for \(channel)") {
                    let status = try await post.call("GET", "/v1/status").body
                    return status["carriers"]?.array?.contains { $0["channel"] == .string(channel) } == true
                }
            }
            try post.setClock(ahead: .seconds(86_400))
            let report = try await doctor(post, variables: [post.clock])
            #expect(report.state("carrier email") == "ok" && report.state("carrier sms") == "ok")
            for carrier in try await post.call("GET", "/v1/status").body["carriers"]?.array ?? [] {
                let seen = try #require((carrier["last_seen"]?.string).flatMap { Instant(rfc3339: $0) })
                let ago = try #require(carrier["seen_seconds_ago"]?.int)
                #expect(ago < 60)
                // By the clock as it is now.
                #expect(seen > SystemTime().now() + .seconds(86_400 - 60))
            }
        }
    }

    @Test("finds nothing wrong with an installation that works, whether its server runs or not")
    func good() async throws {
        let sink = try SMTPSink()
        var settings = TextSettings()
        settings.tables = [InstallationSettings.gateway("mail", port: sink.port), "[countries]\nallow = [\"US\"]"]
        try await Installation.texting(settings) { post, peer in
            let fresh = try await doctor(post)
            #expect(fresh.failed == [])
            #expect(fresh.state("server") == "warning")
            #expect(fresh.words("store").contains("not there yet"))
            #expect(fresh.state("gateway mail") == "ok" && fresh.state("gateway sms") == "ok")
            #expect(!FileManager.default.fileExists(atPath: post.path("data/gatepost.db")))

            let up = try await post.up()
            let one = try await post.signUp("ann@example.com")
            try await post.reached("accepted", one)
            let running = try await doctor(post)
            #expect(running.failed == [])
            for name in ["settings", "keys", "store", "disk", "server", "phone numbers", "prices", "carrier email"] {
                #expect(running.state(name) == "ok", "\(name): \(running.words(name))")
            }
            #expect(running.state("carrier sms") == "ok")
            #expect(running.state("gateway mail") == "ok" && running.state("gateway sms") == "ok")
            #expect(running.words("phone numbers").contains("libphonenumber 8"))
            #expect(running.words("store").contains("the server has open"))
            let text = try await post.gatepost("doctor")
            #expect(text.code == 0)
            #expect(text.output.contains("\nok       gateway mail: connection and greeting"))
            #expect(!text.output.contains("FAILED"))

            up.terminate()
            await up.exitCode()
            let down = try await doctor(post)
            #expect(down.failed == [])
            #expect(down.words("store").contains("its pages are whole"))
            #expect(down.words("keys").contains("the database stands at"))
            #expect(sink.counters.taken == 1)
            #expect(peer.requests.isEmpty)
            // Nothing has changed for the server.
            _ = try await post.up()
            #expect(try await post.state(one) == "accepted")
        }
    }

    struct Ill: Sendable, CustomTestStringConvertible {
        var name: String
        var lines: String
        var says: [String]
        var testDescription: String { name }
    }

    static let gateways = [
        Ill(name: "is not there", lines: "url = \"smtp://127.0.0.1:1\"", says: ["unreachable", "connect"]),
        // A label is too long for any name, so that no network is asked.
        Ill(
            name: "has no name",
            lines: "url = \"smtp://\(String(repeating: "a", count: 64)).invalid:25\"",
            says: ["unreachable", "resolve"]
        ),
        Ill(name: "refuses the login", lines: "account = \"u\"\nsecret = \"p\"", says: ["500", "AUTH"]),
        Ill(name: "has no TLS", lines: "starttls = \"required\"", says: ["tls", "STARTTLS"]),
        Ill(
            name: "has its secret nowhere",
            lines: "account = \"u\"\nsecret = { env = \"NO_SUCH_VARIABLE\" }",
            says: ["settings", "NO_SUCH_VARIABLE"]
        ),
    ]

    @Test("names a gateway that", arguments: gateways)
    func gateway(ill: Ill) async throws {
        let script = SinkScript(extensions: ["AUTH PLAIN LOGIN"], rules: [])
        let sink = try SMTPSink(script: script)
        var table = """
            [[gateways]]
            name = "mail"
            channel = "email"
            kind = "smtp"
            timeout = "20s"
            \(ill.lines)
            """
        if !table.contains("url") { table += "\nurl = \"smtp://127.0.0.1:\(sink.port)\"" }
        try await Installation.make(InstallationSettings(tables: [table])) { post in
            let report = try await doctor(post)
            #expect(report.failed == ["gateway mail"])
            for word in ill.says {
                #expect(report.words("gateway mail").contains(word), "\(report.words("gateway mail"))")
            }
            let text = try await post.gatepost("doctor")
            #expect(text.code == 1)
            #expect(text.output.contains("\nFAILED   gateway mail: \(ill.says[0])"))
            #expect(text.output.contains("\n         -> "))
            #expect(text.complaint.contains("one check FAILED"))
        }
    }

    @Test("names the worker that is not there, and a gateway that cannot be tried without it")
    func noWorker() async throws {
        let sink = try SMTPSink()
        try await Installation.make(.mail(port: sink.port)) { post in
            _ = try await post.server()
            let report = try await doctor(post)
            #expect(report.failed == ["carrier email", "gateway mail"])
            #expect(report.words("gateway mail").contains("no carrier took it"))
            #expect(report.state("server") == "ok")
        }
    }

    @Test("names what is wrong with keys and database")
    func store() async throws {
        try await Installation.make(.sandbox) { post in
            let up = try await post.up()
            _ = try await post.signUps(3)
            up.terminate()
            await up.exitCode()
            let files = FileManager.default
            func copy(_ name: String, _ new: String) throws {
                if files.fileExists(atPath: post.path(new)) { try files.removeItem(atPath: post.path(new)) }
                try files.copyItem(atPath: post.path(name), toPath: post.path(new))
            }
            for name in ["keys.toml", "keys.state", "data/gatepost.db"] { try copy(name, name + ".good") }
            func heal() throws {
                for name in ["keys.toml", "keys.state", "data/gatepost.db"] { try copy(name + ".good", name) }
            }

            try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: post.path("keys.toml"))
            #expect(try await doctor(post).failed == ["keys"])
            try heal()
            try files.removeItem(atPath: post.path("keys.toml"))
            #expect(try await doctor(post).words("keys").contains("there is no key file"))
            try await #expect(post.gatepost("init", "other").code == 0)
            try copy("other/keys.toml", "keys.toml")
            #expect(try await doctor(post).words("keys").contains("other keys"))
            try heal()
            #expect(try await doctor(post).failed == [])

            try files.removeItem(atPath: post.path("data/gatepost.db"))
            let missing = try await doctor(post)
            #expect(missing.failed == ["store"])
            #expect(missing.words("store").contains("is not there"))
            try heal()
            let state = try String(contentsOfFile: post.path("keys.state"), encoding: .utf8).split(separator: "\n")
            try post.write("\(state[0])\n999999\n", to: "keys.state")
            #expect(try await doctor(post).words("keys").contains("older copy"))
            try post.write("\(String(repeating: "0", count: 32))\n1\n", to: "keys.state")
            #expect(try await doctor(post).words("keys").contains("not the one that these keys were used with"))
            try heal()
            let handle = try FileHandle(forWritingTo: URL(filePath: post.path("data/gatepost.db")))
            try handle.seek(toOffset: 8192)
            try handle.write(contentsOf: Data(repeating: 0xA5, count: 32_768))
            try handle.close()
            let damaged = try await doctor(post)
            #expect(damaged.failed.contains("store"))
            try post.write(
                "no database at all, but long enough to be read as one, " + String(repeating: ".", count: 200),
                to: "data/gatepost.db"
            )
            #expect(try await doctor(post).failed.contains("store"))
            try heal()
            #expect(try await doctor(post).failed == [])
        }
    }

    @Test("leaves a database alone that some server has, and says that nobody answers")
    func locked() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.up()
            let report = try await doctor(post, variables: ["GATEPOST_SERVER_SOCKET=run/other.sock"])
            #expect(report.failed == ["server"])
            #expect(report.words("store").contains("left alone"))
        }
    }

    @Test("names little room, a clock behind what was written, and a variable that meets nothing")
    func machine() async throws {
        try await Installation.make(.sandbox) { post in
            try post.setClock(ahead: .seconds(-86_400))
            let report = try await doctor(
                post,
                variables: [
                    post.clock, "GATEPOST_DOCTOR_FREE_SPACE=1099511627776", "GATEPOST_SERVR_LISTEN=x",
                    "GATEPOST_DOCTOR_CHECK_SIZE=0",
                ]
            )
            #expect(report.failed == ["disk", "clock"])
            #expect(report.words("disk").contains("doctor.free_space"))
            #expect(report.words("clock").contains("settings or keys were written"))
            #expect(report.words("settings").contains("GATEPOST_SERVR_LISTEN"))
            #expect(report.checks.count { $0["name"] == "settings" && $0["state"] == "warning" } == 1)
        }
    }

    @Test("names the clock that is behind the newest event")
    func clockBehindEvents() async throws {
        try await Installation.make(.sandbox) { post in
            try post.setClock(ahead: .seconds(3600))
            let up = try await post.onClock("gatepost")
            _ = try await post.signUp("ann@example.com")
            try post.setClock(ahead: .zero)
            let running = try await doctor(post, variables: [post.clock])
            #expect(running.words("clock").contains("an event was accepted"))
            up.terminate()
            await up.exitCode()
            let down = try await doctor(post, variables: [post.clock])
            #expect(down.failed == ["clock"])
            #expect(down.words("clock").contains("an event was accepted"))
        }
    }

    struct Price: Sendable, CustomTestStringConvertible {
        var rows: [String]
        var countries: String
        var state: String
        var says: String
        var testDescription: String { "\(rows) \(countries)" }
    }

    @Test(
        "says which country has no price",
        arguments: [
            Price(rows: [",US,,,,,0.01,USD,,,,"], countries: #"["US"]"#, state: "ok", says: "US"),
            Price(rows: [",US,,,,,0.01,USD,,,,"], countries: #"["US", "GB"]"#, state: "failed", says: "for GB"),
            Price(rows: [",US,,,,,0.01,USD,,,2001-01-01,"], countries: #"["US"]"#, state: "failed", says: "for US"),
            Price(rows: ["sms,US,,,,,0.01,USD,,,,"], countries: #"["US"]"#, state: "warning", says: "second has no"),
            Price(rows: ["other,US,,,,,0.01,USD,,,,"], countries: #"["US"]"#, state: "failed", says: "for US"),
            Price(rows: [",GB,447,,,,0.01,USD,,,,"], countries: #"["GB"]"#, state: "ok", says: "GB"),
            Price(rows: ["this is no row"], countries: #"["US"]"#, state: "failed", says: "prices.csv:2"),
        ]
    )
    func prices(price: Price) async throws {
        var settings = TextSettings()
        settings.prices = price.rows
        settings.countries = "allow = \(price.countries)"
        let second = TextSettings.description.split(separator: "\n").joined(separator: "\n")
        settings.tables = [
            "[[gateways]]\nname = \"second\"\nchannel = \"sms\"\nkind = \"http\"\nurl = \"http://127.0.0.1:1\"\n\(second)"
        ]
        try await Installation.texting(settings) { post, _ in
            let report = try await doctor(post)
            #expect(report.state("prices") == price.state, "\(report.words("prices"))")
            #expect(
                report.checks.contains { $0["name"] == "prices" && $0["detail"]?.string?.contains(price.says) == true }
            )
            #expect(report.state("gateway second") == "failed")
        }
    }

    @Test("ends with 78 where the settings cannot be read, and with 2 for words that it does not know")
    func unreadable() async throws {
        try await Installation.make(.sandbox) { post in
            let missing = try await post.gatepost("doctor", "--config", "nowhere.toml")
            #expect(missing.code == 78)
            try post.write("[server]\nlisten = 7\n", to: "bad.toml")
            let bad = try await post.gatepost("doctor", "--json", "--config", "bad.toml")
            #expect(bad.code == 78)
            #expect(bad.complaint.contains("bad.toml:2: server.listen"))
            #expect(try await post.gatepost("doctor", "now").code == 2)
            #expect(try await post.gatepost("doctor", "--help").output.contains("gatepost doctor"))
        }
    }
}
