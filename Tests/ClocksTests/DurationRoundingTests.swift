import Clocks
import Testing

@Suite("A duration that is rounded up")
struct DurationRoundingTests {
    @Test(
        "is never shorter than it was, and less than one longer",
        arguments: [
            (Duration.zero, 0, 0), (.nanoseconds(1), 1, 1), (.milliseconds(1), 1, 1), (.milliseconds(999), 1, 999),
            (.seconds(1), 1, 1000), (.seconds(1) + .nanoseconds(1), 2, 1001), (.milliseconds(1001), 2, 1001),
            (.seconds(120) - .nanoseconds(1), 120, 120_000), (.nanoseconds(85_714_285_714), 86, 85_715),
        ]
    )
    func rounded(duration: Duration, seconds: Int64, milliseconds: Int64) {
        #expect(duration.secondsRoundedUp == seconds)
        #expect(duration.roundedUpToMilliseconds == .milliseconds(milliseconds))
    }
}
