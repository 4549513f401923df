import Clocks
import Deliveries
import TestSupport
import Testing

@Suite("The wait after a failure")
struct BackoffTests {
    private let backoff = Backoff(ceiling: .seconds(60))

    @Test(
        "is at most 2 s, and twice as much with each further failure, up to its ceiling",
        arguments: [(1, 2), (2, 4), (3, 8), (4, 16), (5, 32), (6, 60), (7, 60), (64, 60), (Int64.max, 60)]
            as [(Int64, Int64)]
    )
    func limit(failure: Int64, seconds: Int64) {
        #expect(backoff.limit(afterFailure: failure) == .seconds(seconds))
    }

    @Test("of mail goes up to half an hour")
    func mail() {
        let limits = (1...12).map { Backoff(ceiling: .seconds(1800)).limit(afterFailure: $0) }
        let seconds: [Int64] = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1800, 1800]
        #expect(limits == seconds.map(Duration.seconds))
    }

    @Test("is drawn from all of the time below its limit", arguments: [1, 3, 6, 40] as [Int64])
    func jitter(failure: Int64) {
        var generator = SeededGenerator(seed: UInt64(failure))
        let limit = backoff.limit(afterFailure: failure)
        let delays = (0..<2000).map { _ in
            backoff.delay(afterFailure: failure, within: .seconds(3600), using: &generator)
        }
        #expect(delays.allSatisfy { $0 >= .zero && $0 < limit })
        let quarters = (0..<4).map { quarter in
            delays.count { $0 >= limit / 4 * quarter && $0 < limit / 4 * (quarter + 1) }
        }
        #expect(quarters.allSatisfy { (400...600).contains($0) })
    }

    @Test("ends before what remains has passed", arguments: [-1000, 0, 1, 2, 100, 1999] as [Int64])
    func remaining(milliseconds: Int64) {
        var generator = SeededGenerator(seed: 7)
        for failure in Int64(1)...50 {
            let delay = backoff.delay(
                afterFailure: failure,
                within: .milliseconds(milliseconds),
                using: &generator
            )
            #expect(delay >= .zero && delay < max(.milliseconds(milliseconds), .milliseconds(1)))
        }
    }

    @Test("comes out the same from the same chance")
    func seeded() {
        var left = SeededGenerator(seed: 3)
        var right = SeededGenerator(seed: 3)
        for failure in Int64(1)...20 {
            #expect(
                backoff.delay(afterFailure: failure, within: .seconds(60), using: &left)
                    == backoff.delay(afterFailure: failure, within: .seconds(60), using: &right)
            )
        }
    }

    @Test("does not exist before the first failure")
    func noFailure() async {
        await #expect(processExitsWith: .failure) {
            _ = Backoff(ceiling: .seconds(60)).limit(afterFailure: 0)
        }
    }
}
