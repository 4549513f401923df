import Synchronization

/// Whether all that runs has to end: set once, looked at by every loop.
package final class Stop: Sendable {
    private let flag = Atomic(false)

    package init() {}

    package var isSet: Bool { flag.load(ordering: .relaxed) }

    package func set() { flag.store(true, ordering: .relaxed) }

    func check() throws(BenchFailure) {
        if isSet { throw .stopped }
    }
}
