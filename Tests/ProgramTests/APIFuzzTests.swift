import Foundation
import JSON
import Testing

/// Whether minutes may be taken in the place of half a minute.
private let isLong = ProcessInfo.processInfo.environment["GATEPOST_TEST_LONG"] != nil

/// A server that schemathesis asks what its description says can be asked, and what it says cannot.
@Suite("A server asked at random", .timeLimit(.minutes(isLong ? 60 : 10)))
struct APIFuzzTests {
    /// Both channels, prices and a budget, so that answers have what they can have.
    private static var settings: InstallationSettings {
        var settings = InstallationSettings.sandbox
        settings.tables += ["email", "sms"].map { channel in
            "[[gateways]]\nname = \"sandbox-\(channel)\"\nchannel = \"\(channel)\"\nkind = \"sandbox\""
        }
        settings.tables.append("[prices]\nfiles = [\"prices/*.csv\"]")
        settings.tables.append(
            "[[budgets]]\nname = \"sms\"\nscope = \"tenant\"\nperiod = \"day\"\nlimit = \"99.00 USD\""
        )
        return settings
    }

    @Test("answers as its description says, refuses what that does not allow, and never fails")
    func conforms() async throws {
        try await Installation.make(APIFuzzTests.settings) { post in
            let server = try await post.server()
            _ = try await post.worker()
            let url = try await post.url(of: server)
            let gateways: JSONObject = ["email": "sandbox-email", "sms": "sandbox-sms"]
            let scopes = ["events", "codes", "read", "operate", "spend", "admin", "carry", "sandbox"]
            let token = try await post.call(
                "POST",
                "/v1/tokens",
                ["scopes": .array(scopes.map(JSONValue.string)), "gateways": .array(gateways.members.map(\.value))]
            ).body
            let facts: JSONValue = [
                "token": token["id"] ?? .null, "gateways": .object(gateways),
                "challenges": .array(try await post.challenges(12)),
            ]
            try await post.submitTexts(12)
            let folder = post.path("fuzz")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let words = [
                APIDescription.path, url, token["token"]?.string ?? "",
                String(decoding: facts.serialized(), as: UTF8.self),
                "20261121", folder, isLong ? "long" : "short",
            ]
            let report = try await PythonPeer.run("fuzz_api.py", words)
            #expect(report.code == 0, "\(report.lines.joined(separator: "\n"))")
            #expect(report.lines.contains { $0.contains(" passed") })
            #expect(try await post.call("GET", "/readyz").status == 200)
        }
    }
}

extension Installation {
    /// Signs so many people up, and returns each one's challenge, address and code.
    fileprivate func challenges(_ count: Int) async throws -> [JSONValue] {
        let accepted = try await signUps(count)
        let messages = try await eventually("\(count) messages in the sandbox") {
            let items = try await call("GET", "/v1/sandbox").body["items"]?.array ?? []
            return items.count == count ? items : nil
        }
        return accepted.compactMap { accepted in
            guard let message = messages.first(where: { $0["delivery"] == .string(accepted.delivery) }) else {
                return nil
            }
            let (address, code) = (message["to"] ?? .null, message["code"] ?? .null)
            return ["id": .string(accepted.challenge), "email": address, "code": code]
        }
    }

    /// Submits so many text messages, which nobody carries but whoever asks for them.
    fileprivate func submitTexts(_ count: Int) async throws {
        for number in 10..<10 + count {
            let data: JSONObject = ["phone": .string("+120155501\(number)"), "channels": ["sms"]]
            let answer = try await submit(Installation.event("\(number)", to: "t\(number)@example.com", data))
            #expect(answer.status == 202)
        }
    }
}
