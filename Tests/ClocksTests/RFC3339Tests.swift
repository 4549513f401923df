import Clocks
import Testing

@Suite("An instant in RFC 3339")
struct RFC3339Tests {
    struct Pair: Sendable, CustomTestStringConvertible {
        let text: String
        let milliseconds: Int64

        var testDescription: String { text }
    }

    /// Each as ``Instant/shortest`` writes it, with what `date -u -d TEXT +%s` says of it.
    static let canonical = [
        Pair(text: "1970-01-01T00:00:00Z", milliseconds: 0),
        Pair(text: "1970-01-01T00:00:00.001Z", milliseconds: 1),
        Pair(text: "1969-12-31T23:59:59.999Z", milliseconds: -1),
        Pair(text: "1969-12-31T23:59:59Z", milliseconds: -1000),
        Pair(text: "2026-11-21T10:10:00Z", milliseconds: 1_795_255_800_000),
        Pair(text: "2026-11-21T10:10:00.050Z", milliseconds: 1_795_255_800_050),
        Pair(text: "2000-02-29T00:00:00Z", milliseconds: 951_782_400_000),
        Pair(text: "2024-02-29T23:59:59Z", milliseconds: 1_709_251_199_000),
        Pair(text: "2024-12-31T00:00:00Z", milliseconds: 1_735_603_200_000),
        Pair(text: "2100-03-01T00:00:00Z", milliseconds: 4_107_542_400_000),
        Pair(text: "1900-02-28T12:00:00Z", milliseconds: -2_203_934_400_000),
        Pair(text: "1600-02-29T00:00:00Z", milliseconds: -11_670_998_400_000),
        Pair(text: "0000-01-01T00:00:00Z", milliseconds: -62_167_219_200_000),
        Pair(text: "9999-12-31T23:59:59.999Z", milliseconds: 253_402_300_799_999),
    ]

    @Test("is written in UTC, always with three digits of milliseconds", arguments: canonical)
    func isWritten(pair: Pair) {
        let text = pair.text.contains(".") ? pair.text : pair.text.replacing("Z", with: ".000Z")
        #expect(Instant(milliseconds: pair.milliseconds).description == text)
        #expect(Instant(rfc3339: text)?.milliseconds == pair.milliseconds)
    }

    @Test("is written for the ledger with milliseconds where there are any", arguments: canonical)
    func isWrittenShortest(pair: Pair) {
        #expect(Instant(milliseconds: pair.milliseconds).shortest == pair.text)
    }

    @Test("is read as it is written", arguments: canonical)
    func isRead(pair: Pair) {
        #expect(Instant(rfc3339: pair.text)?.milliseconds == pair.milliseconds)
    }

    @Test(
        "is read with offsets, fractions of any length, leap seconds and small letters",
        arguments: [
            ("2026-11-21T10:00:00.5+01:00", "2026-11-21T09:00:00.500Z"),
            ("2026-11-21T10:00:00-05:30", "2026-11-21T15:30:00Z"),
            ("2026-11-21T00:00:00+23:59", "2026-11-20T00:01:00Z"),
            ("2026-11-21T10:00:00-00:00", "2026-11-21T10:00:00Z"),
            ("2026-03-01T00:30:00+01:00", "2026-02-28T23:30:00Z"),
            ("2024-03-01T00:30:00+01:00", "2024-02-29T23:30:00Z"),
            ("2026-12-31T23:59:59-00:01", "2027-01-01T00:00:59Z"),
            ("2026-11-21t10:00:00z", "2026-11-21T10:00:00Z"),
            ("2026-11-21T10:00:00.1239999999999999999999999Z", "2026-11-21T10:00:00.123Z"),
            ("2026-11-21T10:00:00.000Z", "2026-11-21T10:00:00Z"),
            ("1990-12-31T23:59:60Z", "1991-01-01T00:00:00Z"),
            ("1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00Z"),
            ("2016-12-31T23:59:60.25Z", "2017-01-01T00:00:00.250Z"),
        ]
    )
    func isNormalized(text: String, expected: String) {
        #expect(Instant(rfc3339: text)?.shortest == expected)
    }

    @Test(
        "is not read from anything else",
        arguments: [
            "", "Z", "2026-11-21", "2026-11-21T10:00:00", "2026-11-21 10:00:00Z", "2026-11-21T10:00Z",
            "2026-11-21T10:00:00+0100", "2026-11-21T10:00:00+01", "2026-11-21T10:00:00+24:00",
            "2026-11-21T10:00:00+01:60", "2026-11-21T10:00:00 Z", "2026-11-21T10:00:00Z ", " 2026-11-21T10:00:00Z",
            "2026-11-21T10:00:00Z\n", "2026-11-21T10:00:00ZZ", "2026-11-21T10:00:00.Z", "2026-11-21T10:00:00,5Z",
            "2026-11-21T24:00:00Z", "2026-11-21T10:60:00Z", "2026-11-21T10:00:61Z", "2026-11-21T10:00:60Z",
            "2016-12-31T23:59:60+01:00", "2026-00-21T10:00:00Z", "2026-13-21T10:00:00Z", "2026-11-00T10:00:00Z",
            "2026-11-31T10:00:00Z", "2026-02-29T10:00:00Z", "2100-02-29T10:00:00Z", "2024-02-30T10:00:00Z",
            "26-11-21T10:00:00Z", "+2026-11-21T10:00:00Z", "-2026-11-21T10:00:00Z", "12026-11-21T10:00:00Z",
            "2026-1-21T10:00:00Z", "2026-11-21T1:00:00Z", "２０２６-11-21T10:00:00Z", "2026-11-21T10:00:00\u{2212}01:00",
            "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z", "1795255800",
        ]
    )
    func isRefused(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test("reads every day of eight centuries as it writes it")
    func everyDay() {
        let first: Int64 = -11_676_096_000_000  // 1600-01-01
        for day in 0..<Int64(292_194) {
            let instant = Instant(milliseconds: first + day * 86_400_000)
            guard Instant(rfc3339: instant.description) == instant else {
                Issue.record("\(instant) was not read back")
                return
            }
        }
        #expect(Instant(milliseconds: first + 292_194 * 86_400_000).description == "2400-01-01T00:00:00.000Z")
    }
}
