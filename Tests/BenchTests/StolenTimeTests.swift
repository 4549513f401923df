import Testing

@testable import Bench

@Suite("The time that a host takes for others")
struct StolenTimeTests {
    @Test(
        "spares what lies farther than two ticks from each moment at which some was seen",
        arguments: [
            (0, 5, true), (0, 79, true), (0, 80, false), (95, 105, false), (90, 310, false), (120, 120, false),
            (121, 279, true), (121, 280, false), (321, 900, true),
        ]
    )
    func spares(from: Int64, to: Int64, isSpared: Bool) {
        let times = StolenTime(seen: [100, 300].map { Moment(nanoseconds: $0 * 1_000_000) })
        let (from, to) = (Moment(nanoseconds: from * 1_000_000), Moment(nanoseconds: to * 1_000_000))
        #expect(times.spared(from: from, to: to) == isSpared)
    }

    @Test("spares all where none was seen")
    func none() {
        #expect(StolenTime().spared(from: Moment(nanoseconds: 0), to: Moment(nanoseconds: 1)))
    }
}
