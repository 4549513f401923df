import Foundation
import JSON

extension InstallationSettings {
    /// The sandbox with limits; `tables` are more, such as a tenant's.
    static func limited(_ limits: String, hasResendWaits: Bool = false, tables: [String] = []) -> InstallationSettings {
        var settings = InstallationSettings.sandbox
        settings.limits = ""
        settings.hasResendWaits = hasResendWaits
        settings.tables = [limits] + settings.tables + tables
        return settings
    }

    /// A limit in TOML.
    static func limit(_ name: String, _ scope: String, _ rate: String, _ lines: String..., of table: String = "limits")
        -> String
    {
        (["[[\(table)]]", "name = \"\(name)\"", "scope = \"\(scope)\"", "rate = \"\(rate)\""] + lines)
            .joined(separator: "\n")
    }
}

extension Installation {
    /// A server, or everything, on a clock that ``setClock(ahead:)`` sets.
    func onClock(_ program: String = "gatepost-server") async throws -> Running {
        let running = try await start(program, program == "gatepost" ? ["up"] : [], variables: [clock])
        _ = try await running.line("ready")
        return running
    }

    /// Submits an event to an address or a number.
    ///
    /// In a session of its own, if none is named: a resend would end the message before it, which gives its slots back.
    func submit(_ type: String = "sign_up", to address: String, _ data: JSONObject = [:]) async throws -> Answer {
        var data = data
        if data["session"] == nil, type != "notice" { data["session"] = .string(UUID().uuidString) }
        data[address.hasPrefix("+") ? "phone" : "email"] = .string(address)
        return try await submit(Installation.envelope(type, data))
    }

    /// How many of so many events to new people are accepted, asked by sixteen clients at once; the rest must meet a limit.
    func passing(_ count: Int, _ limit: String, _ data: JSONObject = [:]) async throws -> Int {
        try await withThrowingTaskGroup { group in
            for client in 0..<16 {
                group.addTask {
                    var passed = 0
                    for number in stride(from: client, to: count, by: 16) {
                        let answer = try await self.submit(to: "\(number)-\(UUID().uuidString)@example.com", data)
                        if answer.status == 202 { passed += 1 } else { _ = try answer.wait(for: limit) }
                    }
                    return passed
                }
            }
            return try await group.reduce(0, +)
        }
    }
}

extension Installation.Answer {
    /// The seconds after which a limit lets pass.
    ///
    /// - Throws: ``Disappointment`` where the answer is another, or its header and body differ.
    @discardableResult
    func wait(for limit: String) throws -> Int64 {
        guard status == 429, problem == "rate-limited", body["limit"] == .string(limit),
            let seconds = body["retry_after"]?.int, seconds >= 1, header("Retry-After") == "\(seconds)",
            body["status"] == 429, body["detail"]?.string?.contains("\(seconds) seconds") == true
        else { throw Disappointment("It is no refusal by \(limit): \(status) \(body) \(header("Retry-After") ?? "")") }
        return seconds
    }
}
