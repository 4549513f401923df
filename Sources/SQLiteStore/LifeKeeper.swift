import Synchronization

/// Keeps the life file up to date: one writer at a time, and never back to an earlier sequence.
final class LifeKeeper: Sendable {
    private let file: LifeFile
    private let epoch: String
    private let latest: Mutex<Int64>

    /// Makes the file where there is none, which must succeed; brings it up to date where there is one.
    init(file: LifeFile, epoch: String, sequence: Int64) throws {
        self.file = file
        self.epoch = epoch
        let remembered = try file.read()
        latest = Mutex(remembered?.sequence ?? sequence)
        if remembered == nil {
            try file.write(LifeFile.Contents(epoch: epoch, sequence: sequence))
        } else {
            remember(sequence)
        }
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
