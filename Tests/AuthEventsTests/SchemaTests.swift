import Foundation
import JSON
import Processes
import TestSupport
import Testing

/// Holds the schemas in `Schemas/events` against the same vectors as the code, with Python's `jsonschema`.
@Suite("The JSON Schema of a type of events")
struct SchemaTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    private static func file(of type: String) -> URL {
        root.appending(path: "Schemas/events/\(type).json")
    }

    /// What Python's `jsonschema` says of the vectors of a file, by their names.
    private static func verdicts(of schema: String, on vectors: URL) async throws -> JSONObject {
        let python = try #require(
            ProcessInfo.processInfo.environment["GATEPOST_TEST_PYTHON"],
            "Set GATEPOST_TEST_PYTHON to a Python that has the package jsonschema, as `make test` does."
        )
        let script = SchemaTests.root.appending(path: "Tests/Peers/check_schema.py").path
        let output = try await SchemaTests.run(python, [script, schema, vectors.path])
        return try #require(try JSONValue(parsing: output).object)
    }

    @Test("agrees with the code, but for what a schema cannot see", arguments: EventVector.types)
    func agrees(type: String) async throws {
        let schema = SchemaTests.file(of: type).path
        let verdicts = try await SchemaTests.verdicts(of: schema, on: EventVector.file(of: type))
        let vectors = try EventVector.all(of: type)
        #expect(verdicts.members.count == vectors.count)
        for vector in vectors {
            let isAccepted = vector.pointer == nil || !vector.isSeenBySchema
            #expect(verdicts[vector.name]?.bool == isAccepted, "\(vector)")
        }
    }

    @Test("refuses the events of another type", arguments: zip(EventVector.types, EventVector.types.dropFirst()))
    func others(type: String, other: String) async throws {
        for (type, other) in [(type, other), (other, type)] {
            let vectors = EventVector.file(of: other)
            let verdicts = try await SchemaTests.verdicts(of: SchemaTests.file(of: type).path, on: vectors)
            #expect(verdicts.members.allSatisfy { $0.value == false })
        }
    }

    @Test("goes into the schema of a batch, which accepts what has no refused event")
    func batch() async throws {
        var batch = try #require(
            try JSONValue(parsing: [UInt8](Data(contentsOf: SchemaTests.file(of: "batch")))).object
        )
        let names = try #require(batch["items"]?["anyOf"]?.array).map { $0["$ref"]?.string }
        #expect(names == EventVector.types.map { "urn:gatepost:schema:events:\($0)" })
        // Bundled, as JSON Schema 2020-12 has it in section 9.3.
        let schemas = try EventVector.types.map { type in
            (type, try JSONValue(parsing: [UInt8](Data(contentsOf: SchemaTests.file(of: type)))))
        }
        batch["$defs"] = .object(JSONObject(schemas))
        let folder = try TemporaryFolder()
        let bundle = folder.file("batch.json")
        try Data(JSONValue.object(batch).serialized()).write(to: URL(filePath: bundle))
        let vectors = EventVector.file(of: "batch")
        let verdicts = try await SchemaTests.verdicts(of: bundle, on: vectors)
        for vector in try JSONValue(parsing: [UInt8](Data(contentsOf: vectors))).array ?? [] {
            let results = vector["results"]?.array
            let isAccepted = results?.allSatisfy(\.isNull) == true || vector["schema"] == false
            #expect(verdicts[vector["name"]?.string ?? ""]?.bool == isAccepted, "\(vector["name"] ?? .null)")
        }
    }

    @Test("is there for every type and the batch, and for nothing else")
    func everyType() throws {
        let folder = SchemaTests.root.appending(path: "Schemas/events")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(files) == Set((EventVector.types + ["batch"]).map { "\($0).json" }))
    }

    /// What differs from type to type; the rest has to read alike.
    private static let differing = [
        ["$id"], ["title"], ["description"], ["$comment"], ["properties", "type"], ["$defs", "data", "required"],
        ["$defs", "data", "dependentRequired"], ["$defs", "data", "not"],
        ["$defs", "data", "properties", "any_of"], ["$defs", "data", "properties", "channels", "description"],
        ["$defs", "data", "properties", "previous_email"], ["$defs", "data", "properties", "previous_phone"],
    ]
    /// What a notice has in its place or does not have.
    private static let withoutCode = ["notice", "link", "session", "ttl", "code", "expires_at"].map {
        ["$defs", "data", "properties", $0]
    }

    @Test("says of every type what it says of a sign-up, but for what differs", arguments: EventVector.types)
    func sameElsewhere(type: String) throws {
        let differing = SchemaTests.differing + (type == "auth.notice" ? SchemaTests.withoutCode : [])
        let schemas = try ["auth.sign_up", type].map { type in
            let schema = try JSONValue(parsing: [UInt8](Data(contentsOf: SchemaTests.file(of: type))))
            #expect(schema["$id"]?.string == "urn:gatepost:schema:events:\(type)")
            return differing.reduce(schema) { SchemaTests.removing($1[...], from: $0) }
        }
        #expect(schemas[0] == schemas[1])
    }

    private static func removing(_ path: ArraySlice<String>, from value: JSONValue) -> JSONValue {
        guard let name = path.first, var object = value.object, let inner = object[name] else { return value }
        if path.count == 1 {
            object[name] = nil
        } else {
            object[name] = removing(path.dropFirst(), from: inner)
        }
        return .object(object)
    }

    /// Runs a program to its end and returns what it wrote to standard output.
    private static func run(_ program: String, _ arguments: [String]) async throws -> [UInt8] {
        let child = try #require(await Child.start(program, arguments))
        var output = ""
        for await line in child.lines { output += line + "\n" }
        try #require(
            await child.exitCode() == 0,
            "\(program) failed; see above, and whether it has the package jsonschema"
        )
        return [UInt8](output.utf8)
    }
}
