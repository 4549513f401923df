import Synchronization

/// Lets a few tests run at once: each has several programs, and the machine has few processors.
final class Turns: Sendable {
    private struct Line {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    static let shared = Turns(4)

    private let line: Mutex<Line>

    private init(_ count: Int) {
        line = Mutex(Line(free: count))
    }

    func take() async {
        await withCheckedContinuation { continuation in
            let mayGo = line.withLock { line in
                if line.free > 0 {
                    line.free -= 1
                    return true
                }
                line.waiting.append(continuation)
                return false
            }
            if mayGo { continuation.resume() }
        }
    }

    func giveBack() {
        let next = line.withLock { line -> CheckedContinuation<Void, Never>? in
            guard line.waiting.isEmpty else { return line.waiting.removeFirst() }
            line.free += 1
            return nil
        }
        next?.resume()
    }
}
