import Clocks
import Testing

@Suite("Instants")
struct InstantTests {
    @Test("move by durations and differ by durations")
    func arithmetic() {
        let instant = Instant(milliseconds: 10_000)
        #expect(instant + .seconds(5) == Instant(milliseconds: 15_000))
        #expect(instant - .milliseconds(1) == Instant(milliseconds: 9999))
        #expect(Instant(milliseconds: 9000) - instant == .seconds(-1))
        #expect(instant < instant + .milliseconds(1))
        let boot = BootInstant(milliseconds: 10_000)
        #expect(boot + .seconds(5) == BootInstant(milliseconds: 15_000))
        #expect(boot + .seconds(5) - boot == .seconds(5))
        #expect(boot < boot + .milliseconds(1))
    }

    @Test("ignore what is below a millisecond")
    func precision() {
        let instant = Instant(milliseconds: 10_000)
        #expect(instant + .microseconds(999) == instant)
        #expect(instant - .microseconds(999) == instant)
    }
}
