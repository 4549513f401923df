import Configuration
import Testing

@Suite("The bounds that doctor holds a machine to")
struct DoctorSettingsTests {
    private let file: SettingsFile

    init() throws { file = try SettingsFile() }

    @Test("have standards, and are settings")
    func reads() throws {
        let standard = try file.settings("").doctor
        #expect((standard.freeSpace, standard.checkSize) == (512 << 20, 1 << 30))
        let own = try file.settings("[doctor]\nfree_space = 0\ncheck_size = 4096\n").doctor
        #expect((own.freeSpace, own.checkSize) == (0, 4096))
    }

    @Test(
        "are refused beyond their own bounds",
        arguments: [
            ("free_space = -1", "free_space", "from 0 to"), ("free_space = \"1 GB\"", "free_space", "whole number"),
            ("check_size = 1099511627777", "check_size", "to 1099511627776"), ("time = 1", "time", "not known here"),
        ]
    )
    func refuses(line: String, key: String, says: String) throws {
        let error = try #require(throws: SettingsError.self) { try file.settings("[doctor]\n\(line)\n") }
        #expect(error.line == 2)
        #expect(error.key == "doctor." + key)
        #expect(error.reason.contains(says), "\(error)")
    }

    @Test("and every variable that meets no key is a warning of its own")
    func strangers() throws {
        let settings = try file.settings(
            "",
            environment: ["GATEPOST_SERVR": "1", "GATEPOST_STOR": "1", "GATEPOST_TEST_DIR": "x", "OTHER": "1"]
        )
        #expect(settings.warnings.count == 2)
        #expect(settings.warnings[0].contains("GATEPOST_SERVR") && settings.warnings[1].contains("GATEPOST_STOR"))
    }
}
