import Foundation
import JSON
import SQLite

extension InstallationSettings {
    /// The sandbox, with a tenant that has a brand and a place for its links; `lines` are more of the tenant's.
    static func branded(_ lines: String = "", tables: [String] = []) -> InstallationSettings {
        let tenant = """
            [[tenants]]
            name = "default"
            links = ["https://app.example.com", "https://www.example.com/account/"]
            brand = { name = "Cruddur", domain = "cruddur.com" }
            \(lines)
            """
        return InstallationSettings(tables: ["[sandbox]\nenabled = true", tenant] + tables)
    }
}

extension Installation {
    /// An event of any type.
    static func envelope(_ type: String, _ data: JSONObject, id: String = UUID().uuidString) -> JSONValue {
        [
            "specversion": "1.0", "id": .string(id), "source": "/tests", "type": .string("auth." + type),
            "data": .object(data),
        ]
    }

    /// Submits an event that must be accepted, and returns the answer.
    func accept(_ type: String, _ data: JSONObject) async throws -> JSONValue {
        let answer = try await submit(Installation.envelope(type, data))
        guard answer.status == 202 else {
            throw Disappointment("\(type) was answered \(answer.status): \(answer.body)")
        }
        return answer.body
    }

    /// Waits for the message of a delivery.
    func message(_ delivery: JSONValue?) async throws -> JSONValue {
        try await eventually("a message of \(delivery?["id"] ?? nil) in the sandbox") {
            let items = try await call("GET", "/v1/sandbox").body["items"]?.array ?? []
            return items.first { $0["delivery"] == delivery?["id"] }
        }
    }

    /// The message of the only delivery of an answer.
    func message(ofOnly answer: JSONValue) async throws -> JSONValue {
        guard let deliveries = answer["deliveries"]?.array, deliveries.count == 1 else {
            throw Disappointment("There is not one delivery: \(answer)")
        }
        return try await message(deliveries[0])
    }

    /// Submits a batch, whatever it holds.
    func submitBatch(_ events: [JSONValue]) async throws -> Answer {
        try await call("POST", "/v1/events", .array(events), type: "application/cloudevents-batch+json")
    }

    /// How many events still have what the application brought and is to be erased.
    func eventsWithWhatWasBrought() throws -> Int64 {
        var connection = try Connection(path: path("data/gatepost.db"), access: .readOnly)
        return try connection.first("SELECT count(*) FROM event WHERE brought IS NOT NULL", read: { $0.integer(0) })
            ?? 0
    }

    /// Writes a file, with the folders that lead to it.
    func write(_ text: String, to name: String) throws {
        let url = URL(filePath: path(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
    }
}
