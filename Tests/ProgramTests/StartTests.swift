import Foundation
import JSON
import Processes
import SMTPSink
import SQLite
import Testing

@Suite("A start", .timeLimit(.minutes(12)))
struct StartTests {
    /// A change of the settings' text, and what the refusal of it must name.
    struct Mistake: Sendable, CustomTestStringConvertible {
        var name: String
        var old: String
        var new: String
        var words: [String]
        var testDescription: String { name }
    }

    static let mistakes = [
        Mistake(
            name: "an unknown key",
            old: "timeout = \"10s\"",
            new: "time_out = \"10s\"",
            words: ["gatepost.toml:", "gateways.mail.time_out", "not known", "timeout"]
        ),
        Mistake(
            name: "a bad value",
            old: "timeout = \"10s\"",
            new: "timeout = \"6m\"",
            words: ["gatepost.toml:", "gateways.mail.timeout", "1s to 5m"]
        ),
        Mistake(
            name: "a missing value",
            old: "kind = \"smtp\"",
            new: "",
            words: ["gatepost.toml:", "gateways.mail.kind", "required"]
        ),
        Mistake(
            name: "an unknown table",
            old: "[carriers]",
            new: "[carrier]",
            words: ["gatepost.toml:", "carrier", "not known"]
        ),
        Mistake(name: "no TOML", old: "[carriers]", new: "[carriers", words: ["gatepost.toml:"]),
        Mistake(
            name: "a socket path that is too long",
            old: "run/gatepost.sock",
            new: "/" + String(repeating: "s", count: 107),
            words: ["server.socket", "108 bytes", "107"]
        ),
        Mistake(
            name: "two gateways of one name",
            old: "limits = []",
            new:
                "limits = []\n[[gateways]]\nname = \"mail\"\nchannel = \"email\"\nkind = \"smtp\"\nurl = \"smtp://127.0.0.1\"",
            words: ["gateways.mail.name", "twice"]
        ),
    ]

    @Test(
        "with settings that are wrong ends with 78, and says in which line, which key and what is allowed",
        arguments: mistakes
    )
    func mistaken(mistake: Mistake) async throws {
        try await Installation.make(.mail(port: 9)) { post in
            let path = post.path("gatepost.toml")
            let text = InstallationSettings.mail(port: 9).text
            try Data(text.replacing(mistake.old, with: mistake.new).utf8).write(to: URL(filePath: path))
            let programs = [
                ("gatepost-server", []), ("gatepost-email-worker", []), ("gatepost", ["up"]), ("gatepost", ["status"]),
            ]
            for (program, words) in programs {
                let run = try await post.run(program, words)
                #expect(run.code == 78)
                for word in mistake.words { #expect(run.complaint.contains(word)) }
            }
        }
    }

    @Test("names the line of a mistake")
    func namesLine() async throws {
        try await Installation.make(.mail(port: 9)) { post in
            let path = post.path("gatepost.toml")
            try Data("[server]\nlisten = \"\"\nlistn = 1\n".utf8).write(to: URL(filePath: path))
            let run = try await post.run("gatepost-server")
            #expect(run.code == 78)
            #expect(run.complaint.contains("gatepost.toml:3: server.listn"))
        }
    }

    @Test("with keys that others can read ends with 78 and says chmod 600")
    func readableKeys() async throws {
        try await Installation.make(.mail(port: 9)) { post in
            let keys = post.path("keys.toml")
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: keys)
            for (program, words) in [("gatepost-server", []), ("gatepost", ["up"])] {
                let run = try await post.run(program, words)
                #expect(run.code == 78)
                #expect(run.complaint.contains("chmod 600"))
                #expect(run.complaint.contains("make a new installation"))
            }
        }
    }

    @Test("with a database of a newer version ends with 78 and changes nothing")
    func newerDatabase() async throws {
        try await Installation.make(.mail(port: 9)) { post in
            try await makeDatabase(of: post)
            let path = post.path("data/gatepost.db")
            try Connection(path: path, access: .readWrite).execute("PRAGMA user_version = 99")
            let before = FileManager.default.contents(atPath: path)
            let run = try await post.run("gatepost-server")
            #expect(run.code == 78)
            #expect(run.complaint.contains("99"))
            #expect(FileManager.default.contents(atPath: path) == before)
        }
    }

    @Test("with other keys than the database was written with ends with 78")
    func otherKeys() async throws {
        try await Installation.make(.mail(port: 9)) { post in
            try await makeDatabase(of: post)
            let other = post.path("other")
            #expect(try await post.run("gatepost", ["init", other]).code == 0)
            let keys = post.path("keys.toml")
            try FileManager.default.removeItem(atPath: keys)
            try FileManager.default.moveItem(atPath: other + "/keys.toml", toPath: keys)
            let run = try await post.run("gatepost-server")
            #expect(run.code == 78)
            #expect(run.complaint.contains("other keys"))
        }
    }

    @Test("without its database ends with 78 and makes none")
    func lostDatabase() async throws {
        try await Installation.make(.mail(port: 9)) { post in
            try await makeDatabase(of: post)
            let database = post.path("data/gatepost.db")
            try FileManager.default.removeItem(atPath: database)
            #expect(try await post.run("gatepost-server").code == 78)
            #expect(!FileManager.default.fileExists(atPath: database))
        }
    }

    @Test("with sandbox and real gateways and no route ends with 78 and asks for one")
    func mixedRoute() async throws {
        try await Installation.make(.mail(port: 9)) { post in
            let path = post.path("gatepost.toml")
            let text = """
                [sandbox]
                enabled = true
                [[gateways]]
                name = "real"
                channel = "email"
                kind = "smtp"
                url = "smtp://127.0.0.1:9"
                [[gateways]]
                name = "kept"
                channel = "email"
                kind = "sandbox"

                """
            try Data(text.utf8).write(to: URL(filePath: path))
            let run = try await post.run("gatepost-server")
            #expect(run.code == 78)
            #expect(run.complaint.contains("[[routes]]"))
        }
    }

    @Test("with a database that is behind its keys ends with 78 and names gatepost restore")
    func olderDatabase() async throws {
        try await Installation.make(.mail(port: 9)) { post in
            try await makeDatabase(of: post)
            let state = post.path("keys.state")
            let text = String(decoding: try #require(FileManager.default.contents(atPath: state)), as: UTF8.self)
            let epoch = try #require(text.split(separator: "\n").first)
            try Data("\(epoch)\n1000000\n".utf8).write(to: URL(filePath: state))
            let run = try await post.gatepost("up")
            #expect(run.code == 78)
            #expect(run.complaint.contains("gatepost restore"))
        }
    }

    @Test("of a second server on the same database ends with 1 and names the database")
    func secondServer() async throws {
        try await Installation.make(.mail(port: 9)) { post in
            _ = try await post.server()
            for (program, words) in [("gatepost-server", []), ("gatepost", ["up"])] {
                let run = try await post.run(program, words)
                #expect(run.code == 1)
                #expect(run.complaint.contains(post.path("data/gatepost.db")))
            }
            // The first is not disturbed.
            _ = try await post.signUp("one@example.com")
        }
    }

    @Test("waits a moment for the database of a server that is just ending")
    func endingServer() async throws {
        try await Installation.make(.mail(port: 9)) { post in
            // What a killed server holds until the kernel has taken it apart.
            let path = post.path("data/gatepost.db.lock")
            var lock = FileLock(path: path)
            #expect(lock != nil)
            let server = try await post.start("gatepost-server")
            try await eventually("a server that waits") {
                let folder = "/proc/\(server.processID)/fd/"
                let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
                return files.contains {
                    (try? FileManager.default.destinationOfSymbolicLink(atPath: folder + $0)) == path
                }
            }
            #expect(server.lines.isEmpty)
            lock = nil
            _ = try await server.line("ready")
        }
    }

    @Test("on a port that is taken ends with 1 and names the port")
    func takenPort() async throws {
        let other = try SMTPSink()
        var settings = InstallationSettings.mail(port: 9)
        settings.listen = "127.0.0.1:\(other.port)"
        try await Installation.make(settings) { post in
            for (program, words) in [("gatepost-server", []), ("gatepost", ["up"])] {
                let run = try await post.run(program, words)
                #expect(run.code == 1)
                #expect(run.complaint.contains("\(other.port)"))
            }
        }
    }

    @Test(
        "of up without a secret that only the worker needs ends with 78, names the variable, and leaves nothing running"
    )
    func missingSecret() async throws {
        var settings = InstallationSettings.mail(port: 9)
        settings.tables[0] += "\naccount = \"me\"\nsecret = { env = \"NO_SUCH_SECRET\" }"
        try await Installation.make(settings) { post in
            let run = try await post.gatepost("up")
            #expect(run.code == 78)
            #expect(run.complaint.contains("NO_SUCH_SECRET"))
            #expect(!run.output.split(separator: "\n").contains("ready"))
            #expect(try await post.gatepost("status").code == 69)
        }
    }

    @Test("takes a setting from the environment before the file, and warns of a variable that meets no key")
    func environment() async throws {
        try await Installation.make(.mail(port: 9)) { post in
            let server = try await post.start(
                "gatepost-server",
                variables: [
                    "GATEPOST_SERVER_LISTEN=127.0.0.1:0", "GATEPOST_GATEWAYS_MAIL_TIMEOUT=4s", "GATEPOST_SERVER_PORT=1",
                ]
            )
            #expect(try await server.line("listening http://127.0.0.1:").hasPrefix("listening"))
            _ = try await server.line("ready")
            #expect(server.complaints.contains("GATEPOST_SERVER_PORT"))
            #expect(!server.complaints.contains("GATEPOST_SERVER_LISTEN"))
            _ = try await post.signUp("one@example.com")
            let claims = try await post.claim(instance: "x")
            #expect(claims.first?["timeout_ms"] == 4000)
        }
    }

    @Test("with a bad value in the environment ends with 78 and names the variable and its key")
    func badEnvironment() async throws {
        try await Installation.make(.mail(port: 9)) { post in
            let run = try await post.run(
                "gatepost-server",
                variables: ["GATEPOST_GATEWAYS_MAIL_TIMEOUT=soon"]
            )
            #expect(run.code == 78)
            #expect(run.complaint.contains("GATEPOST_GATEWAYS_MAIL_TIMEOUT in the environment: gateways.mail.timeout"))
        }
    }

    private func makeDatabase(of post: Installation) async throws {
        let server = try await post.server()
        _ = try await post.signUp("one@example.com")
        server.terminate()
        #expect(await server.exitCode() == 0)
    }
}
