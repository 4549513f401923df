import AuthEvents
import Clocks
import Configuration
import Deliveries
import Testing

@Suite("What the settings say about unknown outcomes")
struct UnknownSettingsTests {
    private let file: SettingsFile

    init() throws { file = try SettingsFile() }

    private static let sandbox = "[sandbox]\nenabled = true\n"
    private static let mail = """
        [[gateways]]
        name = "mail"
        channel = "email"
        kind = "smtp"
        url = "smtp://127.0.0.1:2525"

        """
    /// A gateway that reports to an address, and cannot be asked.
    private static let text = """
        [server]
        public_url = "https://post.example.com"

        [[gateways]]
        name = "text"
        channel = "sms"
        kind = "http"
        url = "https://sms.example.com/"
        body = '{"to":"{{to}}","text":"{{text}}"}'
        receipt_secret = "s"
        receipts = { authentication = "hmac-sha256", header = "X", reference = "/i", state = "/s", delivered = ["d"] }

        """
    private static let box = sandbox + "[[gateways]]\nname = \"box\"\nchannel = \"sms\"\nkind = \"sandbox\"\n"

    private func terms(
        _ name: String,
        _ text: String,
        in environment: [String: String] = [:]
    ) throws -> GatewayTerms {
        let settings = try file.settings(text, environment: environment)
        return try #require(settings.gateways.first { $0.terms.name == name }).terms
    }

    /// The words of each purpose.
    private func words(_ terms: GatewayTerms) -> [Purpose: String] {
        var words: [Purpose: String] = [:]
        for purpose in Purpose.allCases {
            let policy = terms.unknownPolicy(for: purpose)
            words[purpose] = (policy.steps.map(\.rawValue) + [policy.end.rawValue]).joined(separator: " ")
        }
        return words
    }

    @Test("are the standard's where they say nothing")
    func standard() throws {
        for (name, lines) in [("mail", Self.mail), ("text", Self.text), ("box", Self.box)] {
            let terms = try terms(name, lines)
            #expect(terms.unknown.isEmpty)
            #expect(terms.asking == AskingTerms())
        }
        #expect(try file.settings(Self.box).gateways.map(\.canBeAsked) == [true, true])
        #expect(try file.settings(Self.text + Self.mail).gateways.map(\.canBeAsked) == [false, false])
    }

    @Test(
        "hold for all purposes of a gateway, as a word or as a list, by the environment too",
        arguments: [
            ("\"send_again\"", "send_again"), ("[\"give_up\"]", "give_up"),
            ("[\"ask_gateway\", \"give_up\"]", "ask_gateway give_up"),
        ]
    )
    func gateway(value: String, expected: String) throws {
        let written = try terms("box", Self.box + "unknown = \(value)")
        #expect(Set(words(written).values) == [expected])
        let given = try terms(
            "box",
            Self.box + "unknown = \"send_again\"",
            in: ["GATEPOST_GATEWAYS_BOX_UNKNOWN": value]
        )
        #expect(Set(words(given).values) == [expected])
    }

    @Test("of a purpose at a gateway count before those of the gateway, then of the purpose, then the standard")
    func precedence() throws {
        let purposes =
            "[purposes.mfa]\nunknown = [\"await_receipt\", \"send_again\"]\n"
            + "[purposes.recovery]\nunknown = \"send_again\"\n"
        let table = Self.text + "unknown = { recovery = \"give_up\" }\n"
        let partly = words(try terms("text", table + purposes))
        #expect(partly[.mfa] == "await_receipt send_again")
        #expect(partly[.recovery] == "give_up")
        #expect(partly[.signUp] == "await_receipt give_up")
        #expect(partly[.notice] == "give_up")
        let whole = Self.text + "unknown = { default = \"send_again\", mfa = [\"await_receipt\", \"give_up\"] }\n"
        let words = words(try terms("text", whole + purposes))
        #expect(words[.mfa] == "await_receipt give_up")
        for purpose in [Purpose.recovery, .signUp, .notice] { #expect(words[purpose] == "send_again") }
        let environment = ["GATEPOST_GATEWAYS_TEXT_UNKNOWN_MFA": "give_up"]
        #expect(try self.words(terms("text", whole, in: environment))[.mfa] == "give_up")
    }

    @Test("of a purpose pass over what a gateway does not have, where another has it")
    func purposeAtSeveral() throws {
        let lines =
            Self.text + Self.mail
            + "[purposes.mfa]\nunknown = [\"await_receipt\", \"give_up\"]\n"
        #expect(try words(terms("text", lines))[.mfa] == "await_receipt give_up")
        #expect(try words(terms("mail", lines))[.mfa] == "give_up")
        #expect(try words(terms("mail", lines))[.recovery] == "await_receipt send_again")
        let given = ["GATEPOST_PURPOSES_MFA_UNKNOWN": "send_again"]
        #expect(try words(terms("text", lines, in: given))[.mfa] == "send_again")
    }

    @Test(
        "are refused with line, key and the reason",
        arguments: [
            (mail + "unknown = \"ask_gateway\"", 6, "gateways.mail.unknown", "must end with send_again or give_up"),
            (mail + "unknown = []", 6, "gateways.mail.unknown", "must end with send_again or give_up"),
            (mail + "unknown = 5", 6, "gateways.mail.unknown", "must be one of await_receipt"),
            (mail + "unknown = {}", 6, "gateways.mail.unknown", "must be a word"),
            (mail + "unknown = \"wait\"", 6, "gateways.mail.unknown", "must be one of await_receipt"),
            (mail + "unknown = [\"give_up\", 1]", 6, "gateways.mail.unknown", "must be a list of strings"),
            (mail + "unknown = [\"send_again\", \"give_up\"]", 6, "gateways.mail.unknown", "words behind send_again"),
            (
                mail + "unknown = [\"await_receipt\", \"give_up\"]", 6, "gateways.mail.unknown",
                "the gateway sends no receipts"
            ),
            (
                mail + "unknown = [\"ask_gateway\", \"give_up\"]", 6, "gateways.mail.unknown",
                "a gateway of kind smtp cannot be asked"
            ),
            (
                text + "unknown = { mfa = [\"ask_gateway\", \"give_up\"] }", 12, "gateways.text.unknown.mfa",
                "nothing says how the gateway is asked"
            ),
            (
                text + "receipt_wait = \"0s\"\nunknown = [\"await_receipt\", \"give_up\"]", 13, "gateways.text.unknown",
                "receipt_wait is 0s"
            ),
            (mail + "unknown = { mfe = \"give_up\" }", 6, "gateways.mail.unknown.mfe", "not known here"),
            (mail + "unknown = { mfa = {} }", 6, "gateways.mail.unknown.mfa", "must be one of await_receipt"),
            (mail + "ask_pause = \"5s\"", 6, "gateways.mail.ask_pause", "not known here"),
            (
                mail + "[purposes.mfa]\nunknown = [\"await_receipt\", \"give_up\"]", 7, "purposes.mfa.unknown",
                "no gateway that it holds for waits for receipts"
            ),
            (
                mail + text + "[purposes.mfa]\nunknown = [\"ask_gateway\", \"give_up\"]", 18, "purposes.mfa.unknown",
                "no gateway that it holds for can be asked"
            ),
            (
                mail + "[purposes.notice]\nunknown = [\"give_up\", \"send_again\"]", 7, "purposes.notice.unknown",
                "words behind give_up"
            ),
            (box + "ask_pause = \"0s\"", 7, "gateways.box.ask_pause", "from 1s to 1h"),
            (box + "ask_pause = \"1m\"\nask_pause_most = \"30s\"", 8, "gateways.box.ask_pause_most", "from 1m to 24h"),
            (box + "ask_most = 0", 7, "gateways.box.ask_most", "from 1 to 50"),
            (box + "ask_for = \"30s\"", 7, "gateways.box.ask_for", "from 1m to 168h"),
            (box + "ask_pause = \"2m\"\nask_for = \"2m\"", 8, "gateways.box.ask_for", "longer than ask_pause"),
        ]
    )
    func refuses(text: String, line: Int, key: String, says: String) throws {
        let error = try #require(throws: SettingsError.self) { try file.settings(text) }
        #expect((error.line, error.key) == (line, key), "\(error)")
        #expect(error.reason.contains(says), "\(error)")
    }

    @Test("say how a gateway is asked that can be")
    func asking() throws {
        let lines = "ask_pause = \"5s\"\nask_pause_most = \"1m\"\nask_most = 3\nask_for = \"10m\"\n"
        let asking = try terms("box", Self.box + lines).asking
        #expect(asking.pause == Backoff(initial: .seconds(5), ceiling: .seconds(60)))
        #expect((asking.most, asking.longest) == (3, .seconds(600)))
        let long = try terms("box", Self.box + "ask_pause = \"10m\"").asking
        #expect(long.pause == Backoff(initial: .seconds(600), ceiling: .seconds(600)))
    }
}
