import SQLite

/// When the writer copies the write-ahead log back, and when it is too large to take on more.
///
/// Small logs keep each pause short; nobody waits for one that is copied while nobody writes, and it is emptied then, so
/// that what was erased is gone from the disk. A reader that holds its place keeps the log from being begun anew.
struct WriteAheadLog: Sendable {
    /// The database's page, SQLite's own default, and so a frame's.
    static let frameBytes = 4096
    /// Frames from which on the log is copied back after a commit: as many as have room in half of what is set aside for a
    /// full disk, within these bounds.
    private static let frames = 1000...4000
    /// So long nobody has written where it is called idle, and so long apart are looks at what did not succeed.
    static let idleAfter: Duration = .seconds(1)

    /// Bytes.
    let limit: Int
    private let threshold: Int

    private var writtenAt = ContinuousClock.now
    private var triedAt = ContinuousClock.now
    /// Frames of a log that was copied as far as its readers let it be.
    private var copied = 0

    /// `reserve`: Bytes of the disk that are freed when it is full.
    init(limit: Int, reserve: Int) {
        self.limit = limit
        let room = reserve / 2 / WriteAheadLog.frameBytes
        threshold = min(max(room, WriteAheadLog.frames.lowerBound), WriteAheadLog.frames.upperBound)
    }

    func isFull(_ connection: borrowing Connection) -> Bool {
        connection.walFrames * WriteAheadLog.frameBytes >= limit
    }

    /// Looks at the log after a batch, and copies it back where it is time to; returns whether all of it was.
    mutating func look(at connection: inout Connection, isWritten: Bool, isIdle: Bool) -> Bool {
        let now = ContinuousClock.now
        let frames = connection.walFrames
        if isWritten { writtenAt = now }
        guard frames > 0 else { return false }
        let mode: Connection.Checkpoint
        if isFull(connection) {
            mode = .truncateUnlessBusy
        } else if isIdle, now - writtenAt >= WriteAheadLog.idleAfter, now - triedAt >= WriteAheadLog.idleAfter {
            mode = .truncateUnlessBusy
        } else if frames >= threshold, frames != copied {
            mode = .passive
        } else {
            return false
        }
        triedAt = now
        copied = frames
        // A full disk or a reader in the way leaves the log as it is; it is tried again later.
        return (try? connection.checkpoint(mode)) == 0
    }
}
