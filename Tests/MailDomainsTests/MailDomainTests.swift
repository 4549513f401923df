import Testing

@testable import MailDomains

@Suite("A mail domain")
struct MailDomainTests {
    private static let label63 = String(repeating: "a", count: 63)
    /// 253 letters: three labels of 63, one of 61, three dots.
    private static let longest = [label63, label63, label63, String(label63.dropLast(2))].joined(separator: ".")

    @Test(
        "is written in lower-case A-labels",
        arguments: [
            ("example.com", "example.com"), ("EXAMPLE.com", "example.com"), ("a", "a"),
            ("1.2.3.example", "1.2.3.example"),
            ("mail-1.Example.ORG", "mail-1.example.org"), ("bücher.example", "xn--bcher-kva.example"),
            ("BÜCHER.example", "xn--bcher-kva.example"), ("bu\u{308}cher.example", "xn--bcher-kva.example"),
            ("faß.de", "xn--fa-hia.de"), ("fass.de", "fass.de"), ("βόλος.com", "xn--nxasmm1c.com"),
            ("例え.テスト", "xn--r8jz45g.xn--zckzah"), ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"), ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
            ("example。com", "example.com"), ("ｅｘａｍｐｌｅ.com", "example.com"), ("a--b.example", "a--b.example"),
            ("مثال.إختبار", "xn--mgbh0fb.xn--kgbechtv"), (longest, longest),
        ]
    )
    func good(domain: String, ascii: String) throws {
        #expect(try asciiDomain(domain) == ascii)
        #expect(try asciiDomain(ascii) == ascii)
    }

    @Test(
        "is refused when it is no host name",
        arguments: [
            "", ".", "..", "example.com.", "example.com。", ".example.com", "example..com", "-a.example", "a-.example",
            "a.-b",
            "a_b.example", "_dmarc.example.com", "a b.example", " example.com", "example.com ", "a\tb.example",
            "a\nb.example", "a\0b.example", "example.com\0", "a@example.com", "a/b.example", "a:25", "[127.0.0.1]",
            "[IPv6:::1]", "*.example.com", "a,b.example", "a;b.example", "a\"b.example", "a\u{7f}.example",
            "a%b.example",
            "a\r\nRCPT TO:<b>", "☃\u{FE0F}\u{200B}\u{2060}.", "\u{301}a.example", "a\u{202E}b.example", "xn--.example",
            "xn--a.example", "xn--zzzzzzzz99999.example", "aא.example", "\u{FFFD}.example", "ab\u{200D}c.example",
            "a\u{FF0F}b.example", "a\u{FF3F}b.example", "a\u{2024}b.example", "<b>.example", "a..",
        ]
    )
    func invalid(domain: String) {
        #expect(throws: DomainError.invalid) { try asciiDomain(domain) }
    }

    @Test(
        "is refused when it or one of its labels is too long",
        arguments: [
            longest + "a", label63 + "a.example", String(repeating: "a.", count: 127) + "a",
            String(repeating: "ü", count: 60) + ".example", String(repeating: "a", count: 100_000),
            String(repeating: "ü", count: 100_000), String(repeating: "ü.", count: 400),
        ]
    )
    func tooLong(domain: String) {
        #expect(throws: DomainError.tooLong) { try asciiDomain(domain) }
    }

    @Test("is never part of the error", arguments: [DomainError.invalid, .tooLong])
    func description(error: DomainError) {
        #expect(error.description.hasSuffix("."))
    }
}
