import AuthEvents
import Testing

@Suite("A mail address")
struct MailAddressTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let given: String
        let deliverable: String
        let compared: String
        let masked: String

        var testDescription: String { given }

        init(_ given: String, _ deliverable: String, _ compared: String, _ masked: String) {
            (self.given, self.deliverable, self.compared, self.masked) = (given, deliverable, compared, masked)
        }
    }

    static let cases = [
        Case("bobby@example.com", "bobby@example.com", "bobby@example.com", "b***@e***.com"),
        Case("Bobby@EXAMPLE.com", "Bobby@example.com", "bobby@example.com", "B***@e***.com"),
        Case("b@e.co", "b@e.co", "b@e.co", "b***@e***.co"),
        Case("bobby@mail.example.co.uk", "bobby@mail.example.co.uk", "bobby@mail.example.co.uk", "b***@m***.uk"),
        Case("Bobby+Tag@example.com", "Bobby+Tag@example.com", "bobby+tag@example.com", "B***@e***.com"),
        Case("bobby@bücher.example", "bobby@xn--bcher-kva.example", "bobby@xn--bcher-kva.example", "b***@x***.example"),
        Case("bobby@faß.de", "bobby@xn--fa-hia.de", "bobby@xn--fa-hia.de", "b***@x***.de"),
        Case("Jörg@example.com", "Jörg@example.com", "jörg@example.com", "J***@e***.com"),
        Case("ÄRGER@example.com", "ÄRGER@example.com", "ärger@example.com", "Ä***@e***.com"),
        Case("用户@例え.jp", "用户@xn--r8jz45g.jp", "用户@xn--r8jz45g.jp", "用***@x***.jp"),
        Case("root@localhost", "root@localhost", "root@localhost", "r***@l***"),
        Case("root@LOCALHOST", "root@localhost", "root@localhost", "r***@l***"),
        Case(
            "!#$%&'*+-/=?^_`{|}~@example.com",
            "!#$%&'*+-/=?^_`{|}~@example.com",
            "!#$%&'*+-/=?^_`{|}~@example.com",
            "!***@e***.com"
        ),
    ]

    @Test("is written to as it was given and compared in small letters, its domain in A-labels", arguments: cases)
    func forms(example: Case) throws {
        let address = try MailAddress(example.given)
        #expect(address.deliverable == example.deliverable)
        #expect(address.compared == example.compared)
    }

    @Test("is shown with the first letter of each part and the top-level domain", arguments: cases)
    func masked(example: Case) throws {
        #expect(try MailAddress(example.given).masked == example.masked)
    }

    @Test("stays the same when its written form is read again", arguments: cases)
    func idempotent(example: Case) throws {
        let address = try MailAddress(example.given)
        #expect(try MailAddress(address.deliverable) == address)
    }

    @Test(
        "is refused with what it must have",
        arguments: [
            ("", "one @"), ("bobby", "one @"), ("bobby@@example.com", "one @"), ("a@b@example.com", "one @"),
            ("@example.com", "1 to 64 bytes"), ("bob by@example.com", "no blanks"),
            ("\"bobby\"@example.com", "no blanks"),
            ("<bobby@example.com>", "no blanks"), ("bobby@example.com>", "a domain name"),
            ("bobby@<example.com", "a domain name"),
            ("bobby\n@example.com", "no blanks"), ("bobby@example.com\n", "a domain name"),
            ("bobby@example.com\r\nRCPT TO:<eve@example.com>", "one @"), ("bob\r\nby@example.com", "no blanks"),
            ("bobby\0@example.com", "no blanks"), ("bobby@exam\0ple.com", "a domain name"),
            ("bob\u{202e}by@example.com", "no blanks"), ("bob\u{200b}by@example.com", "no blanks"),
            ("bob\u{a0}by@example.com", "no blanks"), ("bob\u{85}by@example.com", "no blanks"),
            ("bob\u{2028}by@example.com", "no blanks"), (".bobby@example.com", "no dot"),
            ("bobby.@example.com", "no dot"),
            ("bob..by@example.com", "no dot"), (".@example.com", "no dot"), (".\u{301}bobby@example.com", "no dot"),
            ("bobby@", "a domain name"), ("bobby@ex_ample.com", "a domain name"),
            ("bobby@example.com.", "a domain name"), ("bobby@[127.0.0.1]", "a domain name"),
            ("bobby@example", "full domain"), ("bobby@127.0.0.1", "ends in letters"), ("bobby@1.2", "ends in letters"),
            ("bobby@１９２.０.２.１", "ends in letters"),
            ("bobby@bücher", "full domain"), (String(repeating: "a", count: 288) + "@example.com", "254 bytes"),
            (String(repeating: "a", count: 65) + "@example.com", "1 to 64 bytes"),
            (String(repeating: "é", count: 33) + "@example.com", "1 to 64 bytes"),
            (String(repeating: "a", count: 20) + "@" + String(repeating: "ü.", count: 28) + "example.com", "254 bytes"),
        ]
    )
    func refused(text: String, reason: String) {
        let refusal = #expect(throws: MailAddress.Refusal.self) { try MailAddress(text) }
        #expect(refusal?.reason.contains(reason) == true)
    }

    @Test("has at most 64 bytes before the @ and 254 in all")
    func lengths() throws {
        let local = String(repeating: "a", count: 64)
        #expect(try MailAddress(local + "@example.com").deliverable == local + "@example.com")
        let label = String(repeating: "b", count: 63)
        let domain = "\(label).\(label).\(String(repeating: "c", count: 61))"
        #expect("\(local)@\(domain)".utf8.count == 254)
        #expect(try MailAddress("\(local)@\(domain)").deliverable == "\(local)@\(domain)")
        #expect(throws: MailAddress.Refusal.self) { try MailAddress("\(local)@\(domain)c") }
    }
}
