import Dispatch
import SQLite
import Store

@testable import SQLiteStore

/// Holds a writer up, so that what comes meanwhile is committed together.
struct HeldWriter {
    private let writer: Writer
    private let gate = DispatchSemaphore(value: 0)
    private let held: Task<Void, any Error>

    /// Returns once the writer is held up.
    init(_ writer: Writer) async {
        self.writer = writer
        let (starts, start) = AsyncStream.makeStream(of: Void.self)
        held = Task { [gate] in
            try await writer.perform(as: .request) { _ throws(SQLiteError) in
                start.yield()
                gate.wait()
            }
        }
        for await _ in starts { break }
    }

    /// Lets it go once so many requests wait.
    func release(with count: Int) async throws {
        while writer.waiting < count { await Task.yield() }
        gate.signal()
        try await held.value
    }
}
