import Foundation
import JSON

extension Installation {
    /// Makes an installation whose text messages go to a gateway that reacts as it is told.
    static func texting(
        _ settings: TextSettings = TextSettings(),
        closing: @escaping @Sendable (Int) -> Bool = { _ in false },
        react: @escaping SMSGatewayPeer.Script = { _ in .take },
        _ body: (Installation, SMSGatewayPeer) async throws -> Void
    ) async throws {
        let peer = try SMSGatewayPeer(closing: closing, react: react)
        defer { peer.stop() }
        try await Installation.make(settings.installation(port: peer.port)) { post in
            try Data(settings.priceFile.utf8).write(to: URL(filePath: post.path(TextSettings.priceFileName)))
            try await body(post, peer)
        }
    }

    /// Starts the worker for text messages and waits until it is ready.
    ///
    /// `socket`: Where it finds the server, if not where the settings say.
    func textWorker(at socket: String? = nil) async throws -> Running {
        let worker = try await start(
            "gatepost-sms-worker",
            variables: socket.map { ["GATEPOST_SERVER_SOCKET=" + $0] } ?? []
        )
        _ = try await worker.line("ready")
        return worker
    }

    static func text(
        _ id: String = UUID().uuidString,
        _ type: String = "mfa",
        to phone: String,
        _ data: JSONObject = [:]
    ) -> JSONValue {
        var data = data
        data["phone"] = .string(phone)
        return [
            "specversion": "1.0", "id": .string(id), "source": "/tests", "type": .string("auth." + type),
            "data": .object(data),
        ]
    }

    /// Submits an event by text message that must be accepted.
    func text(_ type: String = "mfa", to phone: String, _ data: JSONObject = [:]) async throws -> Accepted {
        try Accepted(await submit(Installation.text(UUID().uuidString, type, to: phone, data)))
    }

    /// How many deliveries of text messages are in a state.
    func texts(_ state: String) async throws -> Int64 {
        let channels = try await call("GET", "/v1/status").body["channels"]?.array ?? []
        return channels.first { $0["channel"] == "sms" }?[state]?.int ?? 0
    }

    /// Waits until a delivery is dead of this.
    func died(of reason: String, _ accepted: Accepted) async throws {
        try await reached("dead", accepted)
        let found = try await delivery(accepted.delivery)["reason"]?.string
        guard found == reason else {
            throw Disappointment("\(accepted.delivery) died of \(found ?? "nothing") and not of \(reason).")
        }
    }

    /// Ends the server and starts it with other settings.
    func restart(_ server: Running, with settings: InstallationSettings) async throws -> Running {
        server.terminate()
        await server.exitCode()
        try write(settings)
        return try await self.server()
    }
}

/// A mobile number of the United States; another for each.
func phone(_ number: Int) -> String { "+1201" + String(2_000_000 + number) }
