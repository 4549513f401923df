import Foundation
import Glibc
import JSON
import Testing

@Suite("gatepost bench", .serialized, .timeLimit(.minutes(12)))
struct BenchTests {
    private static let members = [
        "name", "rate", "p50_ms", "p99_ms", "p999_ms", "max_ms", "limit", "page_reads", "bytes_per_event", "rss_mb",
    ]

    /// A database beside the programs under test: the folder for temporary files may lie in memory.
    private static let disk = Guide.root.appending(path: ".build").path(percentEncoded: false)
    private static let variables = ["GATEPOST_STORE_URL=sqlite:\(disk)/bench/gatepost.db"]

    /// Where a benchmark works; what one left that was killed in an earlier run is another's.
    private static func folder(of bench: Running) -> String { disk + "/.gatepost-bench-\(bench.processID)" }

    @Test("measures what it is asked for, beside its raw limit, needs no server and leaves nothing behind")
    func accept() async throws {
        try await Installation.make(.sandbox) { post in
            let bench = try await post.start(
                "gatepost",
                ["bench", "--only", "accept", "--seconds", "1", "--json"],
                variables: BenchTests.variables
            )
            #expect(await bench.exitCode() == 0, "\(bench.complaints)")
            let json = try JSONValue(parsing: [UInt8](bench.lines.joined(separator: "\n").utf8))
            #expect(json.object?.members.map(\.name) == ["machine", "rows"])
            #expect(json["machine"]?["processors"]?.int ?? 0 > 0)
            let rows = json["rows"]?.array ?? []
            #expect(rows.map { $0["name"] } == ["accept"])
            let row = try #require(rows.first)
            for member in BenchTests.members.dropFirst() {
                #expect(row[member]?.double ?? 0 > 0, "\(member) is \(String(describing: row[member]))")
            }
            #expect(row["limit_by"] == "raw-sqlite-batch")
            #expect(!FileManager.default.fileExists(atPath: BenchTests.folder(of: bench)))
        }
    }

    @Test("carries mails and texts to its sinks through the real workers")
    func carrying() async throws {
        try await Installation.make(.sandbox) { post in
            let run = try await post.gatepost(
                "bench",
                "--only",
                "latency-idle,memory",
                "--seconds",
                "1",
                "--json",
                variables: BenchTests.variables
            )
            #expect(run.code == 0, "\(run.complaint)")
            let rows = run.json["rows"]?.array ?? []
            #expect(rows.map { $0["name"]?.string } == ["latency-idle", "memory"])
            #expect(rows.first?["p999_ms"]?.double ?? 0 > 0)
            #expect(rows.last?["rss_mb"]?.double ?? 0 > 0)
        }
    }

    @Test("ends on SIGINT with 1, its programs with it, and its folder is gone")
    func interrupted() async throws {
        try await Installation.make(.sandbox) { post in
            let bench = try await post.start(
                "gatepost",
                ["bench", "--only", "accept", "--seconds", "600"],
                variables: BenchTests.variables
            )
            let folder = BenchTests.folder(of: bench)
            _ = try await eventually("a server in \(folder)") {
                FileManager.default.fileExists(atPath: folder + "/1/s") ? true : nil
            }
            bench.send(SIGINT)
            #expect(await bench.exitCode() == 1)
            #expect(bench.complaints.contains("stopped"))
            #expect(!FileManager.default.fileExists(atPath: folder))
        }
    }

    @Test(
        "says what is wrong with what it was asked for",
        arguments: [
            (["--only", "speed"], 2, "there is no benchmark speed; known are raw-fdatasync"),
            (["--seconds", "0"], 2, "--seconds takes a whole number from 1 to 600"),
            (["--all", "--only", "accept"], 2, "do not go together"),
            (["--config", "/nowhere/gatepost.toml"], 78, "cannot be read"),
        ] as [([String], Int32, String)]
    )
    func refused(_ words: [String], code: Int32, sentence: String) async throws {
        try await Installation.make(.sandbox) { post in
            let run = try await post.run("gatepost", ["bench"] + words)
            #expect(run.code == code)
            #expect(run.complaint.contains(sentence), "\(run.complaint)")
        }
    }

    @Test("refuses a file system in memory, where nothing is ever synced")
    func inMemory() async throws {
        try await Installation.make(.sandbox) { post in
            let run = try await post.gatepost(
                "bench",
                "--only",
                "accept",
                variables: ["GATEPOST_STORE_URL=sqlite:/dev/shm/gatepost.db"]
            )
            #expect(run.code == 1)
            #expect(run.complaint.contains("tmpfs"))
        }
    }
}
