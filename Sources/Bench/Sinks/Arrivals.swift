import Synchronization

/// When each message arrived, by its number.
final class Arrivals: Sendable {
    private let moments = Mutex<[Int: Moment]>([:])
    private let number = Atomic(0)

    /// Messages that have arrived, each once.
    var count: Int { number.load(ordering: .relaxed) }

    func note(_ index: Int) {
        let now = Moment.now
        let isNew = moments.withLock { moments in
            guard moments[index] == nil else { return false }
            moments[index] = now
            return true
        }
        if isNew { number.add(1, ordering: .relaxed) }
    }

    /// Whether one of each of these numbers has arrived.
    func have(_ numbers: some Sequence<Int>) -> Bool {
        moments.withLock { moments in numbers.allSatisfy { moments[$0] != nil } }
    }

    var all: [Int: Moment] { moments.withLock { $0 } }
}
