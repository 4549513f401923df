import Clocks
import Testing

@Suite("A duration in words of the settings")
struct DurationTextTests {
    @Test(
        "is a whole number and a unit",
        arguments: [
            ("250ms", Duration.milliseconds(250)), ("90s", .seconds(90)), ("10m", .seconds(600)),
            ("24h", .seconds(86_400)), ("7d", .seconds(604_800)), ("0s", .zero), ("007s", .seconds(7)),
            ("1000000000d", .seconds(86_400_000_000_000)), ("34560000000ms", .seconds(400 * 86_400)),
            ("1000000000000ms", .seconds(1_000_000_000)),
        ]
    )
    func isRead(text: String, duration: Duration) {
        #expect(Duration(text: text) == duration)
    }

    @Test(
        "is not read from anything else",
        arguments: [
            "", "s", "90", "90 s", " 90s", "90s ", "90S", "1.5h", "-5s", "+5s", "1h30m", "5w", "5sec", "5µs", "٥s",
            "５s", "1000000001s", "1000000000001ms", "99999999999999999999s", "90s\n", "5s\u{301}",
        ]
    )
    func isRefused(text: String) {
        #expect(Duration(text: text) == nil)
    }

    @Test(
        "is written in the largest unit up to hours that divides it",
        arguments: [
            (Duration.seconds(90), "90s"), (.seconds(600), "10m"), (.seconds(86_400), "24h"),
            (.seconds(604_800), "168h"),
            (.milliseconds(250), "250ms"), (.milliseconds(1500), "1500ms"), (.milliseconds(2000), "2s"), (.zero, "0s"),
            (.seconds(3601), "3601s"),
        ]
    )
    func isWritten(duration: Duration, text: String) {
        #expect(duration.text == text)
        #expect(Duration(text: text) == duration)
    }

    @Test(
        "counts whole milliseconds, rounded towards zero",
        arguments: [
            (Duration.microseconds(1999), 1), (.microseconds(-1999), -1), (.nanoseconds(999_999), 0),
            (.seconds(-3), -3000), (.seconds(1) + .microseconds(500), 1000),
        ] as [(Duration, Int64)]
    )
    func milliseconds(duration: Duration, count: Int64) {
        #expect(duration.milliseconds == count)
    }
}
