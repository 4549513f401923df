import Foundation
import JSON
import TestSupport
import Testing

/// Holds `Schemas/events/auth.sign_up.json` against the same vectors as the code, with Python's `jsonschema`.
@Suite("The JSON Schema of sign-up events")
struct SchemaTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    @Test("agrees with the code, but for what a schema cannot see")
    func agrees() async throws {
        let python = try #require(
            ProcessInfo.processInfo.environment["GATEPOST_TEST_PYTHON"],
            "Set GATEPOST_TEST_PYTHON to a Python that has the package jsonschema, as `make test` does."
        )
        let output = try await SchemaTests.run(
            python,
            [
                SchemaTests.root.appending(path: "Tests/Peers/check_schema.py").path,
                SchemaTests.root.appending(path: "Schemas/events/auth.sign_up.json").path,
                EventVector.file.path,
            ]
        )
        let verdicts = try #require(try JSONValue(parsing: output).object)
        let vectors = try EventVector.all()
        #expect(verdicts.members.count == vectors.count)
        for vector in vectors {
            let isAccepted = vector.pointer == nil || !vector.isSeenBySchema
            #expect(verdicts[vector.name]?.bool == isAccepted, "\(vector.name)")
        }
    }

    /// Runs a program to its end and returns what it wrote to standard output.
    private static func run(_ program: String, _ arguments: [String]) async throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let output = URL(filePath: folder.file("output"))
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardOutput = try FileHandle(forWritingTo: output)
        let status: Int32 = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                continuation.resume(throwing: error)
            }
        }
        try #require(status == 0, "\(program) failed; see above, and whether it has the package jsonschema")
        return [UInt8](try Data(contentsOf: output))
    }
}
