import AuthEvents
import Challenges
import Clocks
import Configuration
import Testing

@Suite("The resend waits of the settings")
struct ResendWaitSettingsTests {
    private let file: SettingsFile

    init() throws { file = try SettingsFile() }

    private func waits(_ text: String, of purpose: Purpose = .mfa, in environment: [String: String] = [:]) throws
        -> [Duration]?
    {
        try file.settings(text, environment: environment).purposes[purpose]?.resendWaits
    }

    @Test("are half a minute, a minute and two, and none for notices", arguments: Purpose.allCases)
    func standard(purpose: Purpose) throws {
        let standard: [Duration] = [.seconds(30), .seconds(60), .seconds(120)]
        #expect(try waits("", of: purpose) == (purpose == .notice ? [] : standard))
    }

    @Test("are as they are written, also none, from 0s to 1h")
    func written() throws {
        #expect(
            try waits("[purposes.mfa]\nresend_waits = [\"0s\", \"90s\", \"1h\"]") == [
                .zero, .seconds(90), .seconds(3600),
            ]
        )
        #expect(try waits("[purposes.mfa]\nresend_waits = []") == [])
        #expect(try waits("[purposes.mfa]\nresend_waits = []", of: .recovery)?.count == 3)
        #expect(try waits("", in: ["GATEPOST_PURPOSES_MFA_RESEND_WAITS": "[\"5s\"]"]) == [.seconds(5)])
    }

    @Test(
        "are refused with line, key and what is allowed",
        arguments: [
            ("[\"61m\"]", "0s to 1h"), ("[\"30s\", \"soon\"]", "0s to 1h"), ("[30]", "list of strings"),
            ("\"30s\"", "list of strings"),
            ("[\(Array(repeating: "\"1s\"", count: 101).joined(separator: ","))]", "100"),
        ]
    )
    func refuses(value: String, says: String) throws {
        let error = try #require(throws: SettingsError.self) { try waits("[purposes.mfa]\nresend_waits = \(value)") }
        #expect((error.line, error.key) == (2, "purposes.mfa.resend_waits"))
        #expect(error.reason.contains(says), "\(error)")
    }

    @Test("belong to no notice")
    func notices() throws {
        let error = try #require(throws: SettingsError.self) { try waits("[purposes.notice]\nresend_waits = [\"1s\"]") }
        #expect(error.key == "purposes.notice.resend_waits")
    }
}
