import Synchronization

/// Keeps the life file up to date: one writer at a time, and never back to an earlier sequence.
final class LifeKeeper: Sendable {
    private let file: LifeFile
    private let epoch: String
    private let latest: Mutex<Int64>

    /// Writes the file for the first time.
    init(file: LifeFile, epoch: String, sequence: Int64) throws {
        self.file = file
        self.epoch = epoch
        latest = Mutex(sequence)
        try file.write(LifeFile.Contents(epoch: epoch, sequence: sequence))
    }

    /// Where it cannot be written, on a full disk say, what is remembered is older than it could be, and still never
    /// ahead of the database.
    func remember(_ sequence: Int64) {
        latest.withLock { latest in
            guard sequence > latest else { return }
            guard (try? file.write(LifeFile.Contents(epoch: epoch, sequence: sequence))) != nil else { return }
            latest = sequence
        }
    }
}
