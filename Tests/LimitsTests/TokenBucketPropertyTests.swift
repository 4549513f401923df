import Limits
import TestSupport
import Testing

@Suite("A token bucket of any rate")
struct TokenBucketPropertyTests {
    private static let rates = ["5/10m", "1/1s", "7/10m", "100/24h", "999/1h", "3/1s", "10/1m"]

    /// Asks at random moments, at times often at once, and returns when it passed.
    private func passed(_ rate: Rate, burst: Int64, seed: UInt64) -> [Int64] {
        var dice = SeededGenerator(seed: seed)
        var bucket = TokenBucket()
        var now: Int64 = 1_795_255_800_000_000_000
        var passed: [Int64] = []
        for _ in 1...300 {
            if Int.random(in: 1...3, using: &dice) == 1 {
                now += Int64.random(in: 0...(3 * rate.nanosecondsPerToken), using: &dice)
            }
            if bucket.take(at: now, rate: rate, burst: burst) == .zero { passed.append(now) }
        }
        return passed
    }

    @Test("lets in any stretch of time pass no more than the burst and the rate times it", arguments: rates, 1...8)
    func neverMore(text: String, seed: Int) throws {
        let rate = try #require(Rate(text: text))
        for burst in [1, rate.count] {
            let passed = passed(rate, burst: burst, seed: UInt64(seed))
            for first in passed.indices {
                for last in passed.indices[first...] {
                    let most = burst + (passed[last] - passed[first]) / rate.nanosecondsPerToken
                    try #require(Int64(last - first + 1) <= most, "seed \(seed), burst \(burst): \(first) to \(last)")
                }
            }
        }
    }

    @Test("lets pass no less to who asks all the time, and tells the first moment that passes", arguments: rates)
    func neverLess(text: String) throws {
        let rate = try #require(Rate(text: text))
        var bucket = TokenBucket()
        let start: Int64 = 1_795_255_800_000_000_000
        var now = start
        var count: Int64 = 0
        while count < rate.count + 50 {
            let wait = bucket.take(at: now, rate: rate)
            guard wait > .zero else {
                count += 1
                continue
            }
            let nanoseconds = wait.components.attoseconds / 1_000_000_000 + wait.components.seconds * 1_000_000_000
            #expect(bucket.wait(at: now + nanoseconds - 1, rate: rate) == .nanoseconds(1))
            now += nanoseconds
        }
        #expect(count == rate.count + (now - start) / rate.nanosecondsPerToken)
    }

    @Test("does not overflow, however large a burst is asked for", arguments: ["1/24h", "1000000/1s", "5/10m"])
    func largest(text: String) throws {
        let rate = try #require(Rate(text: text))
        var bucket = TokenBucket()
        let now: Int64 = 4_102_444_800_000_000_000
        for burst in [1_000_000, Int64.max] {
            #expect(bucket.take(at: now, rate: rate, burst: burst) == .zero)
            #expect(bucket.left(at: now, rate: rate, burst: burst) > 0)
            #expect(bucket.settle(at: now, rate: rate, burst: burst) == false)
        }
    }

    @Test("allows bursts that fill within a year")
    func bursts() throws {
        let slow = try #require(Rate(text: "1/24h"))
        #expect(slow.allows(burst: 366))
        #expect(!slow.allows(burst: 367))
        #expect(try #require(Rate(text: "5/10m")).allows(burst: 1000))
    }
}

@Suite("A token bucket whose clock or rate changes")
struct SettledTokenBucketTests {
    private let rate = Rate(count: 5, period: .seconds(600))
    private let start: Int64 = 1_795_255_800_000_000_000
    private let second: Int64 = 1_000_000_000

    private func emptied() -> TokenBucket {
        var bucket = TokenBucket()
        for _ in 0..<5 { _ = bucket.take(at: start, rate: rate) }
        return bucket
    }

    @Test("lets one pass after the wait that it named, though the clock was set back by an hour")
    func setBack() {
        var bucket = emptied()
        let now = start - 3600 * second
        #expect(bucket.wait(at: now, rate: rate) == .seconds(120))
        #expect(bucket.settle(at: now, rate: rate) == true)
        #expect(bucket.settle(at: now, rate: rate) == false)
        #expect(bucket.take(at: now + 120 * second - 1, rate: rate) == .nanoseconds(1))
        #expect(bucket.take(at: now + 120 * second, rate: rate) == .zero)
    }

    @Test("lets one pass after the wait that it named, though the rate became smaller")
    func smaller() {
        var bucket = emptied()
        let smaller = Rate(count: 2, period: .seconds(60))
        #expect(bucket.settle(at: start, rate: smaller) == true)
        #expect(bucket.wait(at: start, rate: smaller) == .seconds(30))
        #expect(bucket.take(at: start + 30 * second, rate: smaller) == .zero)
    }

    @Test("has nothing to settle where nothing changed")
    func unchanged() {
        var bucket = emptied()
        let before = bucket
        #expect(bucket.settle(at: start, rate: rate) == false)
        #expect(bucket.settle(at: start + 3600 * second, rate: rate) == false)
        var empty = TokenBucket()
        #expect(empty.settle(at: start, rate: rate) == false)
        #expect((bucket, empty) == (before, TokenBucket()))
    }

    @Test("takes back what was taken since it was last full, and nothing older")
    func takesBack() {
        var bucket = TokenBucket()
        _ = bucket.take(at: start, rate: rate)
        let later = start + 120 * second
        for _ in 0..<5 { #expect(bucket.take(at: later, rate: rate) == .zero) }
        bucket.giveBack(nanoseconds: 120 * second, takenAt: start)
        #expect(bucket.left(at: later, rate: rate) == 0)
        bucket.giveBack(nanoseconds: 120 * second, takenAt: later)
        #expect(bucket.left(at: later, rate: rate) == 1)
        // Also what was taken before the clock was set back.
        var back = emptied()
        _ = back.settle(at: start - 3600 * second, rate: rate)
        back.giveBack(nanoseconds: 120 * second, takenAt: start)
        #expect(back.left(at: start - 3600 * second, rate: rate) == 1)
    }
}
