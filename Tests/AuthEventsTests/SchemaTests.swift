import Foundation
import JSON
import TestSupport
import Testing

/// Holds the schemas in `Schemas/events` against the same vectors as the code, with Python's `jsonschema`.
@Suite("The JSON Schema of a type of events")
struct SchemaTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    private static func file(of type: String) -> URL {
        root.appending(path: "Schemas/events/\(type).json")
    }

    @Test("agrees with the code, but for what a schema cannot see", arguments: EventVector.types)
    func agrees(type: String) async throws {
        let python = try #require(
            ProcessInfo.processInfo.environment["GATEPOST_TEST_PYTHON"],
            "Set GATEPOST_TEST_PYTHON to a Python that has the package jsonschema, as `make test` does."
        )
        let output = try await SchemaTests.run(
            python,
            [
                SchemaTests.root.appending(path: "Tests/Peers/check_schema.py").path,
                SchemaTests.file(of: type).path,
                try EventVector.file(of: type).path,
            ]
        )
        let verdicts = try #require(try JSONValue(parsing: output).object)
        let vectors = try EventVector.all(of: type)
        #expect(verdicts.members.count == vectors.count)
        for vector in vectors {
            let isAccepted = vector.pointer == nil || !vector.isSeenBySchema
            #expect(verdicts[vector.name]?.bool == isAccepted, "\(vector)")
        }
    }

    @Test("is there for every type, and for no other")
    func everyType() throws {
        let folder = SchemaTests.root.appending(path: "Schemas/events")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(files) == Set(EventVector.types.map { "\($0).json" }))
    }

    @Test("says of a second factor what it says of a sign-up, but for what differs")
    func sameElsewhere() throws {
        let differing = [
            ["$id"], ["title"], ["description"], ["properties", "type"],
            ["$defs", "data", "properties", "any_of"], ["$defs", "data", "properties", "channels", "description"],
        ]
        let schemas = try ["auth.sign_up", "auth.mfa"].map { type in
            let schema = try JSONValue(parsing: [UInt8](Data(contentsOf: SchemaTests.file(of: type))))
            #expect(schema["$id"]?.string == "urn:gatepost:schema:events:\(type)")
            return try differing.reduce(schema) { try SchemaTests.removing($1[...], from: $0) }
        }
        #expect(schemas[0] == schemas[1])
    }

    private static func removing(_ path: ArraySlice<String>, from value: JSONValue) throws -> JSONValue {
        guard let name = path.first else { return value }
        var object = try #require(value.object)
        let inner = try #require(object[name], "there is no member \(name)")
        object[name] = path.count == 1 ? nil : try removing(path.dropFirst(), from: inner)
        return .object(object)
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
