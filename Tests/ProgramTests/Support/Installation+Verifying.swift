import Foundation
import JSON

extension Installation {
    /// Where a server that was started listens for TCP.
    func url(of program: Running) async throws -> String {
        String(try await program.line("listening http").dropFirst("listening ".count))
    }

    /// The code of a delivery, as the sandbox keeps it.
    func code(of accepted: Accepted) async throws -> String {
        try await eventually("a message in the sandbox") {
            let items = try await call("GET", "/v1/sandbox").body["items"]?.array ?? []
            return items.first { $0["delivery"] == .string(accepted.delivery) }?["code"]?.string
        }
    }

    /// Verifies a code of a challenge.
    func verify(
        _ accepted: Accepted,
        _ code: String,
        key: String? = nil,
        session: String? = nil,
        token: String? = nil,
        at url: String? = nil
    ) async throws -> Answer {
        var body: JSONObject = ["code": .string(code)]
        body["session"] = session.map(JSONValue.string)
        var headers = key.map { [("Idempotency-Key", $0)] } ?? []
        if let token { headers.append(("Authorization", "Bearer " + token)) }
        return try await call(
            "POST",
            "/v1/challenges/\(accepted.challenge)/verify",
            .object(body),
            headers: headers,
            at: url
        )
    }

    /// Makes a token with the command, which prints nothing else.
    func token(_ scopes: String, tenant: String? = nil, gateways: String? = nil) async throws -> String {
        let words =
            ["token", "create", "--scope", scopes] + (tenant.map { ["--tenant", $0] } ?? [])
            + (gateways.map { ["--gateway", $0] } ?? [])
        let run = try await run("gatepost", words)
        guard run.code == 0, run.output.hasPrefix("gp_") else {
            throw Disappointment("There is no token: \(run.complaint)")
        }
        return run.output
    }

    /// Sets the wall clock of programs that were started with ``clock``.
    func setClock(ahead: Duration) throws {
        let text = "\(ahead.components.seconds * 1000)\n"
        // In one step: a program that found it empty would turn its clock back.
        try Data(text.utf8).write(to: URL(filePath: path("wall_offset_ms")), options: .atomic)
    }

    /// The variable that lets a test set the clock.
    var clock: String { "GATEPOST_TEST_DIR=" + path("") }
}

/// A code of as many digits that is another.
func wrong(_ code: String, by step: Int = 1) -> String {
    let number = (Int(code) ?? 0) + step
    return String(String(number + 10_000_000).suffix(code.count))
}
