import Clocks
import Configuration
import Cryptography
import Deliveries
import Foundation
import Receipts
import Testing

@Suite("The settings of a gateway's receipts")
struct ReceiptSettingsTests {
    struct Bad: Sendable, CustomTestStringConvertible {
        var lines: String
        var gateway = "receipt_secret = \"s\""
        var server = "public_url = \"https://post.example.com\""
        /// Counted in the file: the gateway's table begins in line 4, its own lines in 7, `receipts` in 11.
        var line: Int
        var key: String
        var says: String
        var testDescription: String { "\(key) \(says)" }
    }

    private static let hmac =
        "authentication = \"hmac-sha256\"\nheader = \"X-S\"\nreference = \"/id\"\nstate = \"/s\"\n"
    private static let words = "delivered = [\"ok\"]\n"

    static let bad = [
        Bad(lines: "state = \"s\"", line: 11, key: "receipts.authentication", says: "twilio, plivo, hmac-sha256"),
        Bad(lines: "authentication = \"rsa\"", line: 12, key: "receipts.authentication", says: "must be one of"),
        Bad(lines: "authentication = \"hmac-sha256\"", line: 11, key: "receipts.header", says: "is required"),
        Bad(lines: hmac + words + "encoding = \"hax\"", line: 17, key: "receipts.encoding", says: "hex or base64"),
        Bad(
            lines: hmac + words + "signed = \"{{timestamp}}\"",
            line: 17,
            key: "receipts.signed",
            says: "{{body}} or {{url}}"
        ),
        Bad(lines: hmac + words + "signed = \"{{body}}{{x}}\"", line: 17, key: "receipts.signed", says: "{{body}} or"),
        Bad(
            lines: hmac + words + "signed = \"{{timestamp}}{{body}}\"",
            line: 11,
            key: "receipts.timestamp_header",
            says: "belongs together"
        ),
        Bad(
            lines: hmac + words + "timestamp_header = \"T\"\nsigned = \"{{body}}\"",
            line: 17,
            key: "receipts.timestamp_header",
            says: "belongs together"
        ),
        Bad(lines: hmac + words + "issuer = \"x\"", line: 17, key: "receipts.issuer", says: "not known here"),
        Bad(lines: hmac + words + "tolerance = \"2h\"", line: 17, key: "receipts.tolerance", says: "from 1s to 1h"),
        Bad(lines: hmac + words + "price = \"/p\"", line: 11, key: "receipts.currency", says: "belong together"),
        Bad(lines: hmac + words + "code = \"/a~2\"", line: 17, key: "receipts.code", says: "JSON Pointer"),
        Bad(lines: hmac + words + "code = \"\"", line: 17, key: "receipts.code", says: "JSON Pointer"),
        Bad(lines: hmac + words + "account = \"/a\"", line: 11, key: "receipts.account_is", says: "is required"),
        Bad(lines: hmac, line: 11, key: "receipts.delivered", says: "is required"),
        Bad(lines: hmac + words + "undelivered = [\"OK\"]", line: 17, key: "receipts.undelivered", says: "stands once"),
        Bad(lines: hmac + words + "delivrd = [\"x\"]", line: 17, key: "receipts.delivrd", says: "not known here"),
        Bad(
            lines: "authentication = \"hmac-sha256\"\nheader = \"X-S\"\nstate = \"/s\"\n" + words,
            line: 11,
            key: "receipts.reference",
            says: "is required"
        ),
        Bad(
            lines: "authentication = \"basic\"\nuser = \"a\"\n" + words,
            line: 11,
            key: "receipts.state",
            says: "is required"
        ),
        Bad(lines: "authentication = \"basic\"", line: 11, key: "receipts.user", says: "is required"),
        Bad(lines: "like = \"clickatell\"", line: 12, key: "receipts.like", says: "messagebird, plivo, telnyx"),
        Bad(lines: hmac + words, gateway: "", line: 4, key: "receipt_secret", says: "is required"),
        Bad(
            lines: "like = \"telnyx\"",
            gateway: "receipt_secret = \"s\"",
            line: 11,
            key: "receipts.public_key",
            says: "is required"
        ),
        Bad(
            lines: "like = \"telnyx\"\npublic_key = \"AAAA\"",
            gateway: "",
            line: 13,
            key: "receipts.public_key",
            says: "must be 32 bytes"
        ),
        Bad(
            lines: Desk.lines["telnyx"] ?? "",
            gateway: "receipt_secret = \"s\"",
            line: 10,
            key: "receipt_secret",
            says: "must be left out"
        ),
        Bad(
            lines: "like = \"twilio\"\naccount_is = \"AC1\"",
            server: "",
            line: 11,
            key: "receipts",
            says: "need server.public_url"
        ),
        Bad(lines: "like = \"messagebird\"", server: "", line: 11, key: "receipts", says: "need server.public_url"),
        Bad(
            lines: hmac + words,
            gateway: "receipt_secret = \"s\"\nreceipt_timeout = \"10s\"",
            line: 11,
            key: "receipt_timeout",
            says: "from 1m to 168h"
        ),
    ]

    @Test("are refused with line, key and what is allowed", arguments: bad)
    func refuses(bad: Bad) throws {
        let error = try #require(throws: SettingsError.self) {
            try Desk.settings(Desk.http + "\n" + bad.gateway, receipts: bad.lines, server: bad.server)
        }
        #expect(error.key == "gateways.sms-main.\(bad.key)")
        #expect(error.reason.contains(bad.says), "\(error)")
        #expect(error.line == bad.line, "\(error)")
    }

    @Test(
        "name a public address",
        arguments: [
            "post.example.com", "ftp://post.example.com", "https://", "https:///x", "https://a b", "https://a?b",
            "https://u@a", "https://ä.de",
        ]
    )
    func addresses(url: String) throws {
        let error = try #require(throws: SettingsError.self) {
            try Desk.settings(Desk.http, server: "public_url = \"\(url)\"")
        }
        #expect(error.key == "server.public_url")
        #expect(error.line == 2)
    }

    private func terms(_ gateway: String, receipts: String? = nil, server: String = "public_url = \"https://a/b/\"")
        throws
        -> GatewayTerms
    {
        let settings = try Desk.settings(gateway, receipts: receipts, server: server)
        return try #require(settings.gateways.first { $0.terms.name == "sms-main" }).terms
    }

    @Test("wait two minutes for an unknown outcome and a day for a receipt, where there are receipts")
    func waits() throws {
        let receipts = Self.hmac + Self.words
        let secret = Desk.http + "\nreceipt_secret = \"s\""
        let none = try terms(Desk.http)
        #expect(none.receiptWait == .zero)
        #expect(none.receiptTimeout == nil)
        let usual = try terms(secret, receipts: receipts)
        #expect(usual.receiptWait == .seconds(120))
        #expect(usual.receiptTimeout == .seconds(86_400))
        let unreachable = try terms(secret, receipts: receipts, server: "")
        #expect(unreachable.receiptWait == .zero)
        #expect(unreachable.receiptTimeout == .seconds(86_400))
        let own = try terms(secret + "\nreceipt_wait = \"30s\"\nreceipt_timeout = \"1h\"", receipts: receipts)
        #expect(own.receiptWait == .seconds(30))
        #expect(own.receiptTimeout == .seconds(3600))
        #expect(try terms(Desk.http + "\nreceipt_wait = \"30s\"").receiptWait == .seconds(30))
    }

    @Test("of Twilio are there as soon as it has a receipt_secret")
    func twilio() throws {
        let gateway = "kind = \"twilio\"\naccount = \"AC1\"\nsecret = \"s\""
        #expect(try terms(gateway).receiptTimeout == nil)
        #expect(try terms(gateway + "\nreceipt_secret = \"s\"").receiptTimeout != nil)
        let error = try #require(throws: SettingsError.self) {
            try terms(gateway + "\nreceipt_secret = \"s\"", server: "")
        }
        #expect(error.key == "gateways.sms-main.receipts")
        let bare = try #require(throws: SettingsError.self) { try terms(Desk.http + "\nreceipt_secret = \"s\"") }
        #expect(bare.key == "gateways.sms-main.receipts")
        #expect(bare.reason.contains("not how"))
    }

    @Test("count instead of a preset's, and drop the slash behind the public address")
    func overrides() throws {
        let lines = "account_is = \"AC2\"\ndelivered = [\"sent\"]\naccepted = [\"queued\"]"
        let gateway = "kind = \"twilio\"\naccount = \"SK1\"\nsecret = \"s\"\nreceipt_secret = \"s\""
        let settings = try Desk.settings(gateway, receipts: lines, server: "public_url = \"https://a/b/\"")
        let description = try #require(settings.gateways.first?.receipts?.description)
        #expect(description.account?.name == "AC2")
        #expect(description.states["sent"] == .delivered)
        #expect(description.states["failed"] == .undelivered)
        #expect(settings.server.publicURL == "https://a/b")
    }

    @Test(
        "have a public key in base64 or hexadecimal",
        arguments: [
            "xlnf7WYDjWe+KCObT/D1YDfZJpfqUvtrVi8SADu/wlM=",
            "c659dfed66038d67be28239b4ff0f56037d92697ea52fb6b562f12003bbfc253",
            "C659DFED66038D67BE28239B4FF0F56037D92697EA52FB6B562F12003BBFC253",
        ]
    )
    func publicKeys(text: String) throws {
        let description = try Desk.description("telnyx", "like = \"telnyx\"\npublic_key = \"\(text)\"")
        guard case .ed25519(_, let key) = description.authentication else {
            Issue.record("not checked with a public key")
            return
        }
        let bytes = try #require([UInt8](base64: "xlnf7WYDjWe+KCObT/D1YDfZJpfqUvtrVi8SADu/wlM="))
        #expect(key == Ed25519PublicKey(bytes))
    }

    @Test("have a secret that is not empty, and behind whsec_ is base64", arguments: ["", "whsec_", "whsec_*"])
    func secrets(secret: String) throws {
        let settings = try Desk.settings(
            Desk.http + "\nreceipt_secret = { env = \"S\" }",
            receipts: Self.hmac + Self.words
        )
        let gateway = try #require(settings.gateways.first)
        let error = try #require(throws: SettingsError.self) {
            try settings.receiptSecret(of: gateway, environment: ["S": secret])
        }
        #expect(error.key == "gateways.sms-main.receipt_secret")
        #expect(!error.reason.contains(secret) || secret.isEmpty || secret == "whsec_")
        #expect(try settings.receiptSecret(of: gateway, environment: ["S": "whsec_c2VjcmV0"])?.count == 6)
        #expect(try settings.receiptSecret(of: gateway, environment: ["S": "secret"])?.count == 6)
    }

    @Test("that stand as presets in the documentation are those in the program")
    func documentation() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/gateways.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        for (name, preset) in ReceiptDescription.presets {
            #expect(text.contains("```toml\n\(preset)\n```"), "\(name)")
            var lines = preset
            if name == "telnyx" { lines += "\npublic_key = \"xlnf7WYDjWe+KCObT/D1YDfZJpfqUvtrVi8SADu/wlM=\"" }
            if preset.contains("account = ") { lines += "\naccount_is = \"a\"" }
            _ = try Desk.description(name, lines)
        }
    }
}
