import Foundation
import JSON
import SMTPSink
import SQLite
import Testing

@Suite("When another program keeps reading the database as it was", .timeLimit(.minutes(12)))
struct ForeignReaderTests {
    /// The least that `store.wal_limit` may be.
    private static let limit = 8 << 20
    /// The log's file with as many pages: before them all stand 32 bytes, before each 24 more.
    private static let full = 32 + limit / 4096 * (24 + 4096)
    /// A commit is of one event here, as each waits for the one before: 11 to 24 pages, and this is room for 31.
    private static let commit = 128 << 10

    private func logSize(of post: Installation) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: post.database + "-wal")[.size] as? Int ?? 0
    }

    /// The test is the other program; SQLite's locks are those of processes.
    @Test("the log stops at its limit and events are refused; what was accepted goes out, and all goes on once it ends")
    func keepsSnapshot() async throws {
        let sink = try SMTPSink()
        try await Installation.make(.mail(port: sink.port)) { post in
            let server = try await post.start(
                "gatepost-server",
                variables: ["GATEPOST_STORE_WAL_LIMIT=\(Self.limit)"]
            )
            _ = try await server.line("ready")
            var accepted = [try await post.signUp("before@example.com")]
            var reader = try Connection(path: post.database, access: .readOnly)
            try reader.execute("BEGIN")
            #expect(try reader.first("SELECT count(*) FROM event", read: { $0.integer(0) }) == 1)

            var (sizes, refused) = ([Int](), Installation.Answer?.none)
            while refused == nil {
                sizes.append(try logSize(of: post))
                let number = accepted.count
                let answer = try await post.submit(Installation.event("e\(number)", to: "p\(number)@example.com"))
                if answer.status == 202 { accepted.append(try Accepted(answer)) } else { refused = answer }
            }
            let answer = try #require(refused)
            #expect(answer.status == 503)
            #expect(answer.problem == "unavailable")
            #expect(answer.header("Retry-After").flatMap { Int($0) } ?? 0 >= 1)
            // The last that was accepted still found room, and its commit came to the limit: no second one passes it.
            let (before, after) = (sizes[sizes.count - 2], sizes[sizes.count - 1])
            #expect(before < Self.full, "\(before) before the last of \(accepted.count)")
            #expect((Self.full..<Self.full + Self.commit).contains(after), "\(after) after \(accepted.count)")
            try await eventually("a server that says it is not available") {
                try await post.call("GET", "/readyz").status == 503
            }
            #expect(try await post.call("GET", "/healthz").status == 200)
            #expect(try await post.scrape().number("gatepost_wal_bytes") >= Double(Self.limit))
            for number in 1...20 {
                #expect(try await post.submit(Installation.event("f\(number)", to: "f@example.com")).status == 503)
            }
            #expect(try logSize(of: post) < Self.full + Self.commit)

            _ = try await post.worker()
            try await post.rest(of: "email")
            #expect(sink.counters.taken == accepted.count)
            #expect(try await post.submit(Installation.event("late", to: "late@example.com")).status == 503)
            #expect(try reader.first("SELECT count(*) FROM event", read: { $0.integer(0) }) == 1)

            try reader.execute("COMMIT")
            try await eventually("a server that is ready again") { try await post.call("GET", "/readyz").status == 200 }
            #expect(try logSize(of: post) < Self.full)
            accepted.append(try await post.signUp("after@example.com"))
            try await post.rest(of: "email")
            for one in accepted { #expect(try await post.state(one) == "accepted") }
            #expect(sink.counters.taken == accepted.count)
        }
    }
}
