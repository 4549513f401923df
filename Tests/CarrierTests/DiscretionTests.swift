import Clocks
import Deliveries
import TestSupport
import Testing

@testable import Carrier

@Suite("What is reported of a gateway's answer to a text message")
struct DiscretionTests {
    private static let text = "Hello Bobby Tables, your Cruddur code is 482913. https://app.example.com/c?t=Xy9-kQ ż"

    private static let discretion = discretion(of: text)
    /// Of the same text in ASCII, whose words are found by bytes.
    private static let plain = discretion(of: String(text.dropLast(2)))

    private static func discretion(of text: String) -> Discretion {
        Discretion(Counter().textMessage("t1", text: text, to: "+12025550123", price: nil))
    }

    @Test(
        "keeps the gateway's words, without the number in any spelling, the code, the text and the person's name",
        arguments: [
            ("The 'To' number +12025550123 is not valid.", "The 'To' number +*** is not valid."),
            ("(202) 555-0123 is a landline", "(*** is a landline"),
            ("202-555-0123, 202.555.0123, 1 202 555 01 23", "***, ***, ***"),
            ("to=%2B12025550123&x=1", "to=%***&x=1"),
            ("tel12025550123 sms:12025550123", "*** sms:***"),
            (#"{"to":"+12025550123","status":"failed"}"#, #"{"to":"+***","status":"failed"}"#),
            ("Body: Your Cruddur code is 482913.", "Body: *** *** *** is ***."),
            ("code482913x 482 913 48-29-13", "*** ***"),
            ("BOBBY is unknown; bobby_tables too", "*** is unknown; ***_*** too"),
            ("see https://app.example.com/c?t=Xy9-kQ now", "see *** now"),
            ("HTTP 400: error 21211 of 3", "HTTP 400: error *** of 3"),
            ("ann@example.com is no number", "*** is no number"),
            ("no\u{1B}[31m such\tnumber\r\n\u{0}\u{7F}\u{9B}at all", "no [31m such number     at all"),
            ("202\t555\u{1}0123", "***"),
        ]
    )
    func details(answer: String, kept: String) {
        #expect(Self.discretion.detail(answer) == kept)
        #expect(Self.plain.detail(answer) == kept)
    }

    @Test("cuts long words to 200 characters and never in the middle of a number")
    func cuts() {
        let long = String(repeating: "Sorry. ", count: 284) + "+12025550123"
        let kept = Self.discretion.detail(long)
        #expect(kept.count == 200)
        // What is struck out makes room, so that the end of what was looked at comes into sight.
        let echo = String(repeating: "482913.x.", count: 222) + "+12025550123"
        #expect(!Self.discretion.detail(echo).contains("1202"))
    }

    @Test(
        "keeps a reference as it is, unless it tells the number or the code",
        arguments: [
            ("SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true), ("4815162342", true), ("at_01a1fca5-a472", true),
            ("msg-12025550123", false), ("2025550123", false), ("id 482913", false), ("", false),
            (String(repeating: "x", count: 513), false), ("two\nlines", false),
        ]
    )
    func references(reference: String, isKept: Bool) {
        #expect(Self.discretion.reference(reference) == (isKept ? reference : nil))
        #expect(Self.plain.reference(reference) == (isKept ? reference : nil))
    }

    @Test(
        "keeps a gateway's code of an error, unless it is none",
        arguments: [
            ("21211", true), ("unreachable", true), ("syntax_invalid_json", true), ("482913", false),
            ("+12025550123", false), ("not a code", false), (String(repeating: "9", count: 65), false),
        ]
    )
    func codes(code: String, isKept: Bool) {
        #expect(Self.discretion.code(code) == (isKept ? code : nil))
    }

    @Test("never grows beyond what the server takes, whatever the letters")
    func bytes() {
        let mail = Discretion(Counter().claim("t1", to: "ann@example.com"))
        let wide = String(repeating: "👨‍👩‍👧‍👦", count: 300)
        #expect(mail.detail(wide).utf8.count <= 2048)
        #expect((mail.reference(wide) ?? "").utf8.count <= 512)
        #expect(Self.discretion.detail(wide).utf8.count <= 2048)
    }
}
