import Clocks
private import Synchronization

/// What those with many messages in hand do for those with few: while both are there, the many go on in small parts, with rests.
///
/// Behind a gateway that answers at once nobody waits for a connection, but for the processors, and for the server's commits: as
/// long as all that is on its way at once takes.
final class Courtesy: Sendable {
    /// So long after one of the few more are expected.
    private static let memory: Duration = .seconds(10)
    /// A rest is so many times as long as what was done before it: the processors are free for two thirds of the time.
    private static let restShare = 2
    /// A server that was away is not waited for once more.
    private static let longestRest: Duration = .milliseconds(20)

    /// When somebody with few in hand was last met.
    private struct Meetings {
        var here: BootInstant?
        var hereBesideMany: BootInstant?
        var elsewhere: BootInstant?
    }

    private let part: Int
    private let time: any TimeSource
    private let sleep: @Sendable (Duration) async -> Void
    private let last = Mutex(Meetings())

    /// `part`: How many of the many are claimed, begun or reported at once.
    init(
        part: Int,
        time: any TimeSource,
        // Nobody cancels it.
        sleep: @escaping @Sendable (Duration) async -> Void = { _ = try? await Task.sleep(for: $0) }
    ) {
        (self.part, self.time, self.sleep) = (part, time, sleep)
    }

    /// Somebody has few in hand.
    ///
    /// `besideMany`: While somebody else has many.
    func metFew(besideMany: Bool) {
        let now = time.boot()
        last.withLock { last in
            last.here = now
            if besideMany { last.hereBesideMany = now }
        }
    }

    /// Somebody has few in hand at another gateway, whose carrier uses the same server and perhaps the same processors.
    func metFewElsewhere() {
        let now = time.boot()
        last.withLock { $0.elsewhere = now }
    }

    /// Whether other gateways' carriers are to know that somebody has few in hand here.
    ///
    /// `besideMany`: Whether somebody has many now, whose own first were few, too.
    func hasFew(besideMany: Bool) -> Bool {
        isRecent(last.withLock { besideMany ? $0.hereBesideMany : $0.here })
    }

    /// How many of the many may go on at once, of so many that could.
    func limit(_ count: Int) -> Int {
        isMixed ? min(count, part) : count
    }

    /// Does a part of what waits for the many, and then leaves the processors to others for a while, in which the next part
    /// becomes a whole one: fewer commits are in the way of the few.
    func resting(_ work: () async -> Void) async {
        let begun = time.boot()
        await work()
        let took = time.boot() - begun
        if isMixed { await sleep(min(took * Courtesy.restShare, Courtesy.longestRest)) }
    }

    private var isMixed: Bool {
        let last = last.withLock { $0 }
        return isRecent(last.hereBesideMany) || isRecent(last.elsewhere)
    }

    private func isRecent(_ moment: BootInstant?) -> Bool {
        moment.map { time.boot() - $0 < Courtesy.memory } ?? false
    }
}
