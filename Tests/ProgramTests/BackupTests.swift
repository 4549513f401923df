import Foundation
import JSON
import TestSupport
import Testing

@Suite("gatepost backup", .timeLimit(.minutes(12)))
struct BackupTests {
    private static let events: StaticString = "SELECT count(*) FROM event"

    @Test("holds all that was accepted before, is one file for its owner alone, and events are accepted meanwhile")
    func whileEventsComeIn() async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.server()
            _ = try await post.signUps(40)
            async let others = post.signUps(60, from: 100)
            let run = try await post.gatepost("backup", "backup.db", "--json")
            #expect(run.code == 0, "\(run.complaint)")
            let accepted = try await others
            let file = post.path("backup.db")
            #expect((40...100).contains(try post.count(BackupTests.events, in: file)))
            let facts = try FileManager.default.attributesOfItem(atPath: file)
            #expect(facts[.posixPermissions] as? Int == 0o600)
            #expect(run.json["bytes"]?.int == (facts[.size] as? NSNumber)?.int64Value)
            #expect(run.json["file"] == "backup.db" && run.json["made_at"]?.string != nil)
            #expect(run.json["sequence"]?.int ?? 0 > 40)
            for one in accepted { #expect(try await post.state(one) == "ready") }
            // Nothing is left beside it, nor in the server's folder.
            for folder in ["", "data"] {
                let names = try FileManager.default.contentsOfDirectory(atPath: post.path(folder))
                #expect(!names.contains { $0.hasSuffix(".part") || $0.hasPrefix("backup.db-") })
            }
            #expect(try await post.gatepost("backup", "second.db").output.contains("keys.toml"))
            await post.end(server)
        }
    }

    @Test("holds no address, no code and no key")
    func holdsNobody() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.up()
            let one = try await post.signUp("planted.person@example.com")
            let code = try await post.code(of: one)
            let file = try await post.backup()
            let text = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
            #expect(!text.contains("planted.person") && !text.contains("person@example"))
            let keys = try String(contentsOfFile: post.path("keys.toml"), encoding: .utf8)
            let secrets = keys.matches(of: /"([A-Za-z0-9+\/_=-]{20,})"/).map { String($0.1) }
            #expect(secrets.count >= 3)
            for secret in secrets { #expect(!text.contains(secret)) }
            // Six digits stand by chance in what is random; as a text of their own they do not.
            #expect(!text.contains("\"\(code)\"") && !text.contains(" \(code) "))
        }
    }

    @Test("takes no other file's place unless --force says so")
    func overwritesNothing() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.server()
            try Data("mine".utf8).write(to: URL(filePath: post.path("backup.db")))
            let run = try await post.gatepost("backup", "backup.db")
            #expect(run.code == 1)
            #expect(run.complaint.contains("is there already"))
            #expect(FileManager.default.contents(atPath: post.path("backup.db")) == Data("mine".utf8))
            #expect(try await post.gatepost("backup", "backup.db", "--force").code == 0)
            #expect(try post.count(BackupTests.events, in: post.path("backup.db")) == 0)
        }
    }

    @Test("ends with 2 for wrong usage, 1 where the file cannot be written, 69 without a server, 78 without settings")
    func exitCodes() async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.server()
            #expect(try await post.gatepost("backup").code == 2)
            #expect(try await post.gatepost("backup", "a.db", "b.db").code == 2)
            let nowhere = try await post.gatepost("backup", "nowhere/backup.db")
            #expect(nowhere.code == 1)
            #expect(nowhere.complaint.contains("cannot be written"))
            await post.end(server)
            let alone = try await post.gatepost("backup", "backup.db")
            #expect(alone.code == 69)
            #expect(!FileManager.default.fileExists(atPath: post.path("backup.db")))
            try Data("nonsense = 1".utf8).write(to: URL(filePath: post.path("gatepost.toml")))
            #expect(try await post.gatepost("backup", "backup.db").code == 78)
        }
    }

    @Test("on a full disk is told, leaves nothing, and the server goes on", .enabled(if: SmallDisk.isPermitted))
    func needsRoom() async throws {
        let disk = try SmallDisk()
        try await Installation.make(.sandbox) { post in
            _ = try await post.server()
            _ = try await post.signUps(5)
            try disk.fill()
            let run = try await post.gatepost("backup", disk.path + "/backup.db")
            #expect(run.code == 1)
            #expect(!run.complaint.isEmpty)
            let names = try FileManager.default.contentsOfDirectory(atPath: disk.path)
            #expect(!names.contains { $0.hasPrefix("backup") })
            _ = try await post.signUp("again@example.com")
            _ = try await post.backup()
        }
    }

    @Test("is for who administers all tenants; nobody else gets it, or the list of keys")
    func access() async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.server()
            let url = try await post.url(of: server)
            let endpoints = [("POST", "/v1/backup"), ("GET", "/v1/keys")]
            func ask(_ endpoint: (String, String), _ token: String?) async throws -> Installation.Answer {
                let headers = token.map { [(name: "Authorization", value: "Bearer " + $0)] } ?? []
                return try await post.call(endpoint.0, endpoint.1, headers: headers, at: url)
            }
            let few = try await post.token("events,codes,read,operate,spend")
            let bound = try await post.token("admin", tenant: "shop")
            let whole = try await post.token("admin")
            for endpoint in endpoints {
                #expect(try await ask(endpoint, nil).status == 401)
                #expect(try await ask(endpoint, few).status == 403)
                let refused = try await ask(endpoint, bound)
                #expect(refused.problem == "forbidden" && refused.body["scope"] == "admin")
                #expect(try await ask(endpoint, whole).status == 200)
            }
            let copy = try await ask(endpoints[0], whole)
            #expect(copy.header("Content-Type") == "application/vnd.sqlite3")
            #expect(copy.header("Content-Disposition")?.hasPrefix("attachment; filename=\"gatepost-") == true)
            #expect(copy.body.string?.hasPrefix("SQLite format 3") == true)
        }
    }
}
