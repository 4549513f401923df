import Clocks
import Testing

@Suite("A day of the calendar")
struct CivilDateTests {
    @Test(
        "is the one that an instant lies in, in UTC, and begins at midnight",
        arguments: [
            ("1970-01-01T00:00:00Z", 1970, 1, 1), ("1969-12-31T23:59:59.999Z", 1969, 12, 31),
            ("2028-02-29T23:59:59Z", 2028, 2, 29), ("2100-03-01T00:00:00Z", 2100, 3, 1),
            ("2026-11-21T23:30:00-01:00", 2026, 11, 22),
        ] as [(String, Int64, Int64, Int64)]
    )
    func dayOfInstant(text: String, year: Int64, month: Int64, day: Int64) throws {
        let instant = try #require(Instant(rfc3339: text))
        let date = CivilDate(of: instant)
        #expect(date == CivilDate(year: year, month: month, day: day))
        #expect(date.start <= instant)
        #expect(instant < date.start + .seconds(86_400))
    }
}
