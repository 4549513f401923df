import Clocks
private import Synchronization

/// What those with many messages in hand do for those with few: while both are there, the many go on in small parts.
///
/// Behind a gateway that answers at once nobody waits for a connection, but for the processors, and for the server's commits: as
/// long as all that is on its way at once takes.
final class Courtesy: Sendable {
    /// So long after one of the few more are expected.
    private static let memory: Duration = .seconds(10)

    private let part: Int
    private let time: any TimeSource
    private let last = Mutex<BootInstant?>(nil)

    /// `part`: How many of the many are claimed, begun or reported at once.
    init(part: Int, time: any TimeSource) {
        (self.part, self.time) = (part, time)
    }

    /// Somebody has few in hand while somebody has many.
    func met() {
        let now = time.boot()
        last.withLock { $0 = now }
    }

    /// How many of the many may go on at once, of so many that could.
    func limit(_ count: Int) -> Int {
        let now = time.boot()
        let isMixed = last.withLock { $0.map { now - $0 < Courtesy.memory } ?? false }
        return isMixed ? min(count, part) : count
    }
}
