import Deliveries
import Testing

@Suite("The words of a gateway")
struct GatewayWordsTests {
    @Test(
        "are kept without addresses, long numbers and the person",
        arguments: [
            ("250 2.0.0 OK queued as 4F1A2", "250 2.0.0 OK queued as 4F1A2"),
            ("550 5.1.1 <bobby@example.com> user unknown", "550 5.1.1 *** user unknown"),
            ("code 493817 is spam", "code *** is spam"), ("to +12423571234: blocked", "to +***: blocked"),
            ("Bobby has moved", "*** has moved"), ("BOBBY, bobby", "***, ***"), ("", ""),
            ("one\r\ntwo\nthree", "one  two three"), ("\u{1B}[2Jno", " [2Jno"), ("year 2026", "year ***"),
            ("port 587", "port 587"),
        ]
    )
    func struck(text: String, kept: String) {
        #expect(GatewayWords.strikingOut(text, persons: ["bobby"]) == kept)
    }

    @Test("come to an end even where the person looks like what stands in its place", arguments: ["**", "***", "*-"])
    func terminates(person: String) {
        #expect(GatewayWords.strikingOut("a ** b *- c", persons: [person]).hasPrefix("a "))
    }

    @Test("have at most 200 characters")
    func limit() {
        #expect(GatewayWords.strikingOut(String(repeating: "word ", count: 100)).count == GatewayWords.limit)
    }

    @Test(
        "keep a gateway's name for a message whole, and drop one with an address in it",
        arguments: [
            ("1234567890", "1234567890"),
            ("aaaaaaaa-1111-2222-3333-444444444444", "aaaaaaaa-1111-2222-3333-444444444444"),
            ("msg_12345678", "msg_12345678"), ("to-you@example.com", nil), ("", nil), ("a\r\nb", nil),
        ]
    )
    func reference(text: String, kept: String?) {
        #expect(GatewayWords.reference(text) == kept)
    }
}
