import JSON
import SQLite

extension Installation {
    /// Makes a token over the socket.
    func newToken(_ body: JSONValue) async throws -> (id: String, secret: String) {
        let answer = try await call("POST", "/v1/tokens", body)
        guard answer.status == 201, let id = answer.body["id"]?.string, let secret = answer.body["token"]?.string
        else { throw Disappointment("A token was answered \(answer.status): \(answer.body)") }
        return (id, secret)
    }

    /// A token as it is listed.
    func listed(_ id: String) async throws -> JSONValue {
        let items = try await call("GET", "/v1/tokens").body["items"]?.array ?? []
        guard let item = items.first(where: { $0["id"] == .string(id) }) else {
            throw Disappointment("The token is not listed: \(items)")
        }
        return item
    }

    /// Claims mails as a carrier that may have a token.
    func claim(
        _ gateway: String,
        as carrier: String = "carrier",
        _ instance: String = "one",
        max: Int64 = 10,
        wait milliseconds: Int64,
        token: String? = nil,
        at url: String? = nil
    ) async throws -> Answer {
        try await call(
            "POST",
            "/v1/carriers/claim",
            [
                "carrier": .string(carrier), "instance": .string(instance), "channel": "email",
                "gateways": [.string(gateway)], "max": .integer(max), "wait_ms": .integer(milliseconds),
            ],
            headers: token.map { [("Authorization", "Bearer " + $0)] } ?? [],
            at: url
        )
    }

    /// How many refused events the database holds.
    func refusals() throws -> Int64 {
        var connection = try Connection(path: path("data/gatepost.db"), access: .readOnly)
        return try connection.first("SELECT count(*) FROM refusal", read: { $0.integer(0) }) ?? 0
    }

    /// How often the database has been committed to.
    func commits() throws -> Int64 {
        var connection = try Connection(path: path("data/gatepost.db"), access: .readOnly)
        return try connection.first("SELECT value FROM meta WHERE name = 'sequence'", read: { $0.integer(0) }) ?? 0
    }
}
