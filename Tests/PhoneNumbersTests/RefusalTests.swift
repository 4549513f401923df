import PhoneNumbers
import Testing

@Suite("A phone number is refused")
struct RefusalTests {
    private func expect(_ error: PhoneNumberError, _ text: String, _ region: String? = nil) {
        #expect(throws: error) { try PhoneNumber(text, defaultRegion: region) }
    }

    @Test(
        "when it has an extension",
        arguments: [
            "+1 242 357 1234 ext. 5", "+12423571234;ext=5", "+12423571234x5", "+12423571234 x 5", "+12423571234 X5",
            "+12423571234,5", "+12423571234,,5", "+12423571234#5", "+1 242 357 1234 int. 5",
            "+12423571234 extension 12", "+12423571234 доб. 5", "+12423571234ｘ5", "+12423571234~5",
        ]
    )
    func extensions(text: String) {
        expect(.hasExtension, text)
        expect(.hasExtension, text, "BS")
    }

    @Test(
        "when it has letters",
        arguments: [
            "1-800-FLOWERS", "+1 800 FLOWERS", "1-800-356-WERS", "Tel: +12423571234", "tel:+12423571234",
            "+12423571234 home", "+1242357123o", "+1242357123О", "+1242３5712Ｏ4", "+12423571234 x",
            "a+12423571234", "x5", "ext. 5", "+12423571234;isub=1", "+12423571234電話",
        ]
    )
    func letters(text: String) {
        expect(.hasLetters, text, "US")
    }

    @Test(
        "when it is no number",
        arguments: [
            "", " ", "+", "++", "1", "+1", "abc", "x", "FLOWERS", "-", "()", "\u{202a}", "🙂", "()()()()",
            "5+12423571234", "+1242357+1234", "+12423571234 +12423571235", "+12423571234*5", "*67 2423571234",
            "*31#+12423571234", "#31#12423571234", "+12423571234@", "@+12423571234", "'+12423571234'",
            "<+12423571234>", "+12423571234;", "+1²423571234", "+1242357①234", "📞+12423571234", "+12423571234\u{2028}",
            "+1242357\u{301}1234", "+1=2423571234", "_+12423571234", "+12423571234?",
        ]
    )
    func noNumber(text: String) {
        expect(.notANumber, text, "US")
    }

    @Test(
        "when it has control characters, wherever they stand",
        arguments: ["\0", "\t", "\n", "\r\n", "\u{1b}", "\u{7f}", "\u{85}", "\u{9f}"]
    )
    func control(character: String) {
        for text in [character, "+12423571234" + character, character + "+12423571234", "+1242\(character)3571234"] {
            expect(.notANumber, text, "US")
        }
    }

    @Test(
        "when it is national and the region is not given or has no rules",
        arguments: [nil, "", "ZZ", "001", "us", "XX", "US\0", "AQ"] as [String?]
    )
    func noRegion(region: String?) {
        expect(.unknownCountry, "242 357 1234", region)
        #expect(throws: Never.self) { try PhoneNumber("+12423571234", defaultRegion: region) }
    }

    @Test(
        "when no country has its calling code",
        arguments: ["+999123456789", "+0012423571234", "+02423571234", "+2101234567", "+9991234"]
    )
    func unknownCode(text: String) {
        expect(.unknownCountry, text)
    }

    @Test("when it begins with 00 and no region is given that dials so")
    func doubleZero() {
        expect(.unknownCountry, "0012423571234")
        #expect(throws: PhoneNumberError.self) { try PhoneNumber("0012423571234", defaultRegion: "US") }
        #expect(throws: Never.self) { try PhoneNumber("0012423571234", defaultRegion: "DE") }
    }

    @Test("when it has too few digits", arguments: ["+1242", "+124235712", "+2125288", "+4420", "+3541", "+800123"])
    func tooShort(text: String) {
        expect(.tooShort, text)
    }

    @Test(
        "when it has too many digits for its country or for E.164",
        arguments: [
            "+124235712345", "+12015550123999", "+4474001234567", "+12423571234567890123", "+8001234567890",
            "+49160123456789012", "+4915123456789012",
        ]
    )
    func tooLong(text: String) {
        expect(.tooLong, text)
    }

    @Test("when its text has more than 32 bytes, whatever it says")
    func longText() throws {
        let number = "+12423571234"
        #expect(try PhoneNumber(number + String(repeating: " ", count: 20)).e164 == number)
        expect(.tooLong, number + String(repeating: " ", count: 21))
        expect(.tooLong, String(repeating: "１", count: 11))
        expect(.tooLong, String(repeating: "a\0", count: 500_000))
    }

    @Test(
        "when its country has shorter and longer numbers, but none of its length",
        arguments: ["+35460012345", "+3761234567"]
    )
    func wrongLength(text: String) {
        expect(.wrongLength, text)
    }

    @Test("with a sentence that says what to give and has nothing of the number", arguments: PhoneNumberError.allCases)
    func description(error: PhoneNumberError) {
        #expect(error.description.hasSuffix("."))
        #expect(error.description.contains("; "))
        #expect(!error.description.contains { $0.isNumber })
    }
}
