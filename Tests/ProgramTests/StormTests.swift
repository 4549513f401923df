import Foundation
import JSON
import TestSupport
import Testing

/// A short one of the storms that `make storm` has for longer.
@Suite("In a storm of crashes", .timeLimit(.minutes(12)))
struct StormTests {
    /// Another run of chance: `GATEPOST_TEST_SEED`.
    private static let seed = ProcessInfo.processInfo.environment["GATEPOST_TEST_SEED"] ?? "7"

    /// Runs a storm and returns its exit code, its last line and all that it says.
    private func storm(_ words: String...) async throws -> (code: Int32, line: JSONValue, all: String) {
        await Turns.shared.take()
        defer { Turns.shared.giveBack() }
        let folder = try TemporaryFolder()
        let storm = try await Running(
            "gatepost-storm",
            words + ["--seed", StormTests.seed, "--folder", folder.file("storm")],
            in: folder.path,
            errorFile: folder.file("errors")
        )
        let code = await storm.exitCode()
        // One that broke off says why, in words.
        let line = (try? JSONValue(parsing: [UInt8]((storm.lines.last ?? "").utf8))) ?? .null
        let errors = FileManager.default.contents(atPath: folder.file("storm/errors.log")) ?? Data()
        let all =
            storm.lines.joined(separator: "\n") + "\n" + storm.complaints
            + String(decoding: errors.suffix(4000), as: UTF8.self)
        return (code, line, all)
    }

    @Test("nothing is lost, nothing is sent unpaid, and what is sent twice is explained")
    func holds() async throws {
        let (code, line, all) = try await storm("--seconds", "20")
        #expect(code == 0, "\(all)")
        for member in ["lost", "unledgered", "unexplained"] { #expect(line[member] == 0, "\(all)") }
        #expect(line["kills"]?.int ?? 0 >= 4, "\(all)")
        #expect(line["accepted"]?.int ?? 0 >= 100, "\(all)")
        #expect(line["phases"]?["handed_over"]?.int ?? 0 > 0, "\(all)")
    }

    @Test("a server whose syncs did nothing would be found out by the first loss of power")
    func findsUnsynced() async throws {
        let (code, line, all) = try await storm("--seconds", "1", "--swallow-syncs")
        #expect(code == 1, "\(all)")
        #expect(line["lost"]?.int ?? 0 > 0, "\(all)")
    }
}
