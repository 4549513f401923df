import Dispatch
import SQLite
import Store
import Synchronization

/// A few read-only connections.
///
/// Each read is one short transaction on one of them, off the cooperative pool.
final class Readers: Sendable {
    private struct Reader: Sendable {
        let queue: DispatchQueue
        let connection: Box
    }

    /// Reached on the reader's queue only; the lock is what lets the compiler know.
    private final class Box: Sendable {
        let connection: Mutex<Connection>

        init(_ connection: consuming sending Connection) {
            self.connection = Mutex(connection)
        }
    }

    private let readers: [Reader]
    private let next = Atomic(0)
    private let damage: Damage

    /// `damage`: Told of what cannot be read.
    init(path: String, count: Int, damage: Damage) throws(SQLiteError) {
        self.damage = damage
        var readers: [Reader] = []
        for index in 0..<count {
            let connection = try Connection(path: path, access: .readOnly)
            try connection.execute("PRAGMA busy_timeout = 2000; PRAGMA query_only = ON; PRAGMA cache_size = -8192")
            readers.append(Reader(queue: DispatchQueue(label: "store.reader.\(index)"), connection: Box(connection)))
        }
        self.readers = readers
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (inout Connection) throws(SQLiteError) -> Result
    ) async throws(StoreError) -> Result {
        let reader = readers[next.wrappingAdd(1, ordering: .relaxed).oldValue % readers.count]
        let result: Swift.Result<Result, SQLiteError> = await withCheckedContinuation { continuation in
            reader.queue.async {
                let result = reader.connection.connection.withLock { $0.inReadTransaction(body) }
                // Here, as it may write to the disk.
                if case .failure(let error) = result { self.damage.note(error) }
                continuation.resume(returning: result)
            }
        }
        switch result {
        case .success(let result): return result
        case .failure(let error): throw StoreError(error)
        }
    }
}

extension Connection {
    fileprivate mutating func inReadTransaction<Result>(
        _ body: (inout Connection) throws(SQLiteError) -> Result
    ) -> Swift.Result<Result, SQLiteError> {
        do throws(SQLiteError) {
            try run("BEGIN")
            let result = try body(&self)
            try run("COMMIT")
            return .success(result)
        } catch {
            // The snapshot must not stay open, whatever went wrong.
            if isInTransaction { _ = try? run("ROLLBACK") }
            return .failure(error)
        }
    }
}
