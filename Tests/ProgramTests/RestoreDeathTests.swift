import Foundation
import JSON
import Testing

@Suite("A database that was put back", .timeLimit(.minutes(12)))
struct RestoreDeathTests {
    @Test("by hand is refused with 78 and the way out, and a restore in its place takes it into use")
    func copiedBack() async throws {
        try await Installation.make(.sandbox) { post in
            var server = try await post.server()
            let early = try await post.signUp("early@example.com")
            await post.end(server)
            let database = URL(filePath: post.database)
            let old = try Data(contentsOf: database)
            server = try await post.server()
            let late = try await post.signUp("late@example.com")
            await post.end(server)
            try old.write(to: database)
            for words in [("gatepost-server", []), ("gatepost", ["up"])] {
                let run = try await post.run(words.0, words.1)
                #expect(run.code == 78)
                #expect(run.complaint.contains("older copy") && run.complaint.contains("gatepost restore"))
            }
            #expect(FileManager.default.contents(atPath: post.database) == old)
            let run = try await post.gatepost("restore", "data/gatepost.db", "--yes", "--json")
            #expect(run.code == 0, "\(run.complaint)")
            #expect(run.json["kept"] == .null && run.json["cancelled"] == 1)
            _ = try await post.server()
            try await post.died(of: "cancelled", early)
            #expect(try await post.call("GET", "/v1/deliveries/\(late.delivery)").status == 404)
            _ = try await post.signUp("late@example.com")
        }
    }

    @Test(
        "by a restore that was killed is the old one or the new one or refused with the way out, and again finishes it",
        arguments: ["copied", "changed", "remembered", "logMoved", "moved", "done"]
    )
    func killed(step: String) async throws {
        try await Installation.make(.sandbox) { post in
            var server = try await post.server()
            let early = try await post.signUp("early@example.com")
            let file = try await post.backup()
            let late = try await post.signUp("late@example.com")
            // Killed, so that the database of before has a log.
            server.kill()
            await server.exitCode()
            try Data(step.utf8).write(to: URL(filePath: post.path("restore_ends_at")))
            let run = try await post.gatepost("restore", file, "--yes", variables: [post.clock])
            #expect(run.code != 0 && run.complaint.isEmpty)
            try FileManager.default.removeItem(atPath: post.path("restore_ends_at"))
            switch step {
            case "copied", "changed":
                server = try await post.server()
                for one in [early, late] { #expect(try await post.state(one) == "ready") }
                await post.end(server)
            case "done":
                server = try await post.server()
                try await post.died(of: "cancelled", early)
                await post.end(server)
            default:
                let start = try await post.run("gatepost-server")
                #expect(start.code == 78)
                #expect(start.complaint.contains("gatepost restore"))
            }
            let again = try await post.gatepost("restore", file, "--yes")
            #expect(again.code == 0, "\(again.complaint)")
            _ = try await post.server()
            try await post.died(of: "cancelled", early)
            #expect(try await post.call("GET", "/v1/deliveries/\(late.delivery)").status == 404)
            #expect(try await post.call("POST", "/v1/ledger/verify").body["verified"] == true)
            let names = try FileManager.default.contentsOfDirectory(atPath: post.path("data"))
            #expect(!names.contains { $0.contains(".restoring") })
        }
    }

    @Test("by a restore that was killed anywhere is whole: the old one, or the new one once it was run again")
    func killedAnywhere() async throws {
        try await Installation.make(.sandbox) { post in
            var server = try await post.server()
            let early = try await post.signUps(150)
            let file = try await post.backup()
            let late = try await post.signUp("late@example.com")
            await post.end(server)
            for round in 1...6 {
                let restore = try await post.start("gatepost", ["restore", file, "--yes"])
                let files = FileManager.default
                // What shows from outside: the draft is there, it is gone, the old one was moved.
                try await eventually("a restore that has begun, or is over") {
                    let names = try files.contentsOfDirectory(atPath: post.path("data"))
                    let aside = names.count { $0.contains(".before-restore-") && !$0.contains("-wal") }
                    return round % 2 == 0 ? aside > 0 : names.contains { $0.hasSuffix(".restoring") } || aside > 0
                }
                restore.kill()
                await restore.exitCode()
                let start = try await post.start("gatepost-server")
                let isUp = try await eventually("a server that is ready, or has ended") { () -> Bool? in
                    if start.lines.contains(where: { $0.hasPrefix("ready") }) { return true }
                    return start.complaints.contains("gatepost restore") ? false : nil
                }
                if isUp {
                    // All of one of them.
                    let hasLate = try await post.call("GET", "/v1/deliveries/\(late.delivery)").status == 200
                    for one in early.suffix(5) { #expect(try await post.state(one) == (hasLate ? "ready" : "dead")) }
                    await post.end(start)
                } else {
                    #expect(await start.exitCode() == 78)
                }
            }
            let again = try await post.gatepost("restore", file, "--yes")
            #expect(again.code == 0, "\(again.complaint)")
            server = try await post.server()
            #expect(try await post.call("GET", "/v1/deliveries/\(late.delivery)").status == 404)
            for one in early.suffix(5) { #expect(try await post.state(one) == "dead") }
            #expect(try await post.call("POST", "/v1/ledger/verify").body["verified"] == true)
            await post.end(server)
        }
    }
}
