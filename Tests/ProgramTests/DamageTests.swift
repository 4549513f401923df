import Foundation
import JSON
import SQLite
import Testing

@Suite("A database in which a page was overwritten", .timeLimit(.minutes(12)))
struct DamageTests {
    /// Fills the first page of a table or an index with rubbish, or with what is given; no server may have the database.
    ///
    /// Returns what stood there.
    @discardableResult
    private func overwrite(
        _ name: String,
        in post: Installation,
        with bytes: Data = Data(repeating: 0xA5, count: 4096)
    ) throws -> Data {
        let offset = UInt64(try rootPage(of: name, in: post.database) - 1) * 4096
        let handle = try FileHandle(forUpdating: URL(filePath: post.database))
        try handle.seek(toOffset: offset)
        let former = try handle.read(upToCount: bytes.count) ?? Data()
        try handle.seek(toOffset: offset)
        try handle.write(contentsOf: bytes)
        try handle.close()
        return former
    }

    private func rootPage(of name: String, in file: String) throws -> Int64 {
        var connection = try Connection(path: file, access: .readOnly)
        let page = try connection.first(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?",
            .text(name),
            read: { $0.integer(0) }
        )
        guard let page else { throw Disappointment("There is no \(name).") }
        return page
    }

    @Test(
        "that the start reads: no server runs on it, with 78 and gatepost restore named; doctor says so, too",
        arguments: ["hot_ready", "tenant"]
    )
    func atTheStart(name: String) async throws {
        try await Installation.make(.mail(port: 9)) { post in
            let first = try await post.server()
            let all = try await post.signUps(3)
            let file = try await post.backup()
            await post.end(first)
            try overwrite(name, in: post)
            let run = try await post.run("gatepost-server")
            #expect(run.code == 78)
            #expect(run.complaint.contains("is damaged"))
            #expect(run.complaint.contains("gatepost restore FILE"))
            let doctor = try await post.gatepost("doctor")
            #expect(doctor.code == 1)
            #expect(doctor.output.contains("gatepost restore FILE"), "\(doctor.output)")
            #expect(try await post.gatepost("restore", file, "--yes").code == 0)
            _ = try await post.server()
            for one in all { #expect(try await post.delivery(one.delivery)["reason"] == "cancelled") }
        }
    }

    @Test(
        "that is met later: events are refused with 503, the log names gatepost restore, and what is whole goes on",
        arguments: ["person_challenge", "delivery_event"]
    )
    func later(name: String) async throws {
        try await Installation.make(.mail(port: 9)) { post in
            let first = try await post.server()
            let one = try await post.signUp("one@example.com")
            let file = try await post.backup()
            await post.end(first)
            try overwrite(name, in: post)
            let server = try await post.server()
            for number in 1...3 {
                let answer = try await post.submit(Installation.event("e\(number)", to: "two@example.com"))
                #expect(answer.status == 503)
                #expect(answer.problem == "unavailable")
                #expect(answer.header("Retry-After") == "60")
            }
            try await eventually("a server that says it is not available") {
                try await post.call("GET", "/readyz").status == 503
            }
            #expect(server.complaints.contains("The database is damaged"))
            #expect(server.complaints.contains("gatepost restore FILE"))
            #expect(try await post.state(one) == "ready")
            #expect(try await post.claim(instance: "one").count == 1)
            await post.end(server)
            #expect(try await post.gatepost("restore", file, "--yes").code == 0)
            _ = try await post.server()
            _ = try await post.signUp("three@example.com")
        }
    }

    @Test("that was met: the next start is refused with 78, and goes on where it was restored or repaired")
    func afterwards() async throws {
        try await Installation.make(.mail(port: 9)) { post in
            let first = try await post.server()
            _ = try await post.signUp("one@example.com")
            let file = try await post.backup()
            await post.end(first)
            let page = try overwrite("person_challenge", in: post)
            let sign = post.database + ".damaged"
            func isSigned() -> Bool { FileManager.default.fileExists(atPath: sign) }

            /// Meets the page, is killed, and is refused from then on.
            func meetsAndForgetsNothing() async throws {
                let server = try await post.server()
                #expect(!isSigned())
                #expect(try await post.submit(Installation.event("e1", to: "two@example.com")).status == 503)
                #expect(isSigned())
                server.kill()
                await server.exitCode()
                for _ in 1...2 {
                    let run = try await post.run("gatepost-server")
                    #expect(run.code == 78)
                    #expect(run.complaint.contains("all of it is checked"))
                    #expect(run.complaint.contains("gatepost restore FILE"), "\(run.complaint)")
                }
                let doctor = try await post.gatepost("doctor")
                #expect(doctor.code == 1)
                #expect(doctor.output.contains("gatepost restore FILE"), "\(doctor.output)")
                #expect(isSigned())
            }

            try await meetsAndForgetsNothing()
            try overwrite("person_challenge", in: post, with: page)
            let repaired = try await post.server()
            #expect(!isSigned())
            _ = try await post.signUp("three@example.com")
            await post.end(repaired)
            try overwrite("person_challenge", in: post)
            try await meetsAndForgetsNothing()
            #expect(try await post.gatepost("restore", file, "--yes").code == 0)
            let restored = try await post.server()
            #expect(!isSigned())
            #expect(!restored.complaints.contains("all of it is checked"))
            _ = try await post.signUp("four@example.com")
        }
    }
}
