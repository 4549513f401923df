import Limits
import Testing

@Suite("A token bucket of 5 in 10 minutes")
struct TokenBucketTests {
    private let rate = Rate(count: 5, period: .seconds(600))
    /// Any moment, in nanoseconds.
    private let start: Int64 = 1_795_255_800_000_000_000
    private let second: Int64 = 1_000_000_000

    private func emptied() -> TokenBucket {
        var bucket = TokenBucket()
        for _ in 0..<5 { #expect(bucket.take(at: start, rate: rate) == .zero) }
        return bucket
    }

    @Test("lets five pass at once and makes the sixth wait two minutes, exactly")
    func burst() {
        var bucket = emptied()
        #expect(bucket.take(at: start, rate: rate) == .seconds(120))
        #expect(bucket.wait(at: start + 1, rate: rate) == .seconds(120) - .nanoseconds(1))
        #expect(bucket.wait(at: start + 120 * second - 1, rate: rate) == .nanoseconds(1))
        #expect(bucket.wait(at: start + 120 * second, rate: rate) == .zero)
    }

    @Test("then lets one pass every two minutes")
    func steady() {
        var bucket = emptied()
        for step in 1...20 {
            let due = start + Int64(step) * 120 * second
            #expect(bucket.take(at: due - 1, rate: rate) == .nanoseconds(1))
            #expect(bucket.take(at: due, rate: rate) == .zero)
            #expect(bucket.take(at: due, rate: rate) == .seconds(120))
        }
    }

    @Test("takes nothing while it makes wait")
    func refusalIsFree() {
        var bucket = emptied()
        let before = bucket
        for _ in 0..<1000 { #expect(bucket.take(at: start, rate: rate) == .seconds(120)) }
        #expect(bucket == before)
    }

    @Test("is full again after ten minutes, and never fuller")
    func refills() {
        var bucket = emptied()
        #expect(bucket.left(at: start + 599 * second, rate: rate) == 4)
        #expect(bucket.left(at: start + 600 * second, rate: rate) == 5)
        let later = start + 86_400 * second
        #expect(bucket.left(at: later, rate: rate) == 5)
        for _ in 0..<5 { #expect(bucket.take(at: later, rate: rate) == .zero) }
        #expect(bucket.take(at: later, rate: rate) == .seconds(120))
    }

    @Test("says how many are left")
    func left() {
        var bucket = TokenBucket()
        for remaining in (0...4).reversed() {
            #expect(bucket.take(at: start, rate: rate) == .zero)
            #expect(bucket.left(at: start, rate: rate) == Int64(remaining))
        }
        #expect(bucket.left(at: start + 239 * second, rate: rate) == 1)
        #expect(bucket.left(at: start + 240 * second, rate: rate) == 2)
    }

    @Test("lets another pass for each that is given back")
    func givesBack() {
        var bucket = emptied()
        bucket.giveBack(rate: rate)
        bucket.giveBack(rate: rate)
        #expect(bucket.left(at: start, rate: rate) == 2)
        #expect(bucket.take(at: start, rate: rate) == .zero)
        #expect(bucket.take(at: start, rate: rate) == .zero)
        #expect(bucket.take(at: start, rate: rate) == .seconds(120))
    }

    @Test("gives nothing beyond its size for what was never taken")
    func givesBackToFull() {
        var bucket = TokenBucket()
        bucket.giveBack(rate: rate)
        #expect(bucket == TokenBucket())
        #expect(bucket.take(at: start, rate: rate) == .zero)
        for _ in 0..<9 { bucket.giveBack(rate: rate) }
        #expect(bucket.left(at: start, rate: rate) == 5)
        for _ in 0..<5 { #expect(bucket.take(at: start, rate: rate) == .zero) }
        #expect(bucket.take(at: start, rate: rate) == .seconds(120))
    }

    @Test("keeps its rate with another burst")
    func otherBurst() {
        var bucket = TokenBucket()
        for _ in 0..<2 { #expect(bucket.take(at: start, rate: rate, burst: 2) == .zero) }
        #expect(bucket.take(at: start, rate: rate, burst: 2) == .seconds(120))
        #expect(bucket.left(at: start + 120 * second, rate: rate, burst: 2) == 1)
        #expect(bucket.left(at: start + 86_400 * second, rate: rate, burst: 2) == 2)
    }

    @Test("waits no longer than it should when a clock starts again near zero")
    func smallClock() {
        var bucket = TokenBucket()
        for _ in 0..<5 { #expect(bucket.take(at: 0, rate: rate) == .zero) }
        #expect(bucket.take(at: 0, rate: rate) == .seconds(120))
    }
}

@Suite("A token bucket of a rate that does not divide evenly")
struct UnevenTokenBucketTests {
    @Test("never lets more pass than the rate says", arguments: ["3/1s", "7/1s", "1000000/1s", "999999/1s", "1/24h"])
    func count(text: String) throws {
        let rate = try #require(Rate(text: text))
        var bucket = TokenBucket()
        var taken: Int64 = 0
        while taken <= rate.count, bucket.take(at: 1, rate: rate) == .zero { taken += 1 }
        #expect(taken == rate.count)
        #expect(bucket.left(at: 1, rate: rate) == 0)
    }
}
