import Clocks
import Testing

@Suite("The date of a mail")
struct RFC5322Tests {
    @Test(
        "is that of RFC 5322 in UTC",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 +0000"), (1_795_255_200_000, "Sat, 21 Nov 2026 10:00:00 +0000"),
            (1_709_251_199_999, "Thu, 29 Feb 2024 23:59:59 +0000"), (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
            (253_402_300_799_999, "Fri, 31 Dec 9999 23:59:59 +0000"),
        ] as [(Int64, String)]
    )
    func text(milliseconds: Int64, text: String) {
        #expect(Instant(milliseconds: milliseconds).rfc5322 == text)
    }
}
