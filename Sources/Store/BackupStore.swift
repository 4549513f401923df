package import Clocks

/// Copies of the whole store, and what is known of its having been restored from one.
package protocol BackupStore: Sendable {
    /// Copies the store as it is at one moment into a file, while it goes on working.
    ///
    /// The copy is whole, was checked, and names the moment. The file is the caller's to remove; after an error there is none.
    ///
    /// `proceed`: Asked again and again; once it says no, the copying ends as ``BackupError/givenUp``.
    func backUp(while proceed: @escaping @Sendable () -> Bool) async throws(BackupError) -> StoreCopy

    /// Each time that the store was restored, the latest first.
    func restores() async throws(StoreError) -> [Restore]
}

/// A file that holds all of a store.
package struct StoreCopy: Sendable, Equatable {
    package var path: String
    package var madeAt: Instant
    /// The number of the last commit that is in it.
    package var sequence: Int64

    package init(path: String, madeAt: Instant, sequence: Int64) {
        (self.path, self.madeAt, self.sequence) = (path, madeAt, sequence)
    }
}

/// That the store was restored from a copy.
package struct Restore: Sendable, Equatable {
    /// How long `status` tells of it.
    package static let alertPeriod: Duration = .seconds(30 * 86_400)

    package var at: Instant
    /// From when to when there may have been messages and spend that the copy does not know.
    package var missing: Range<Instant>

    package init(at: Instant, missing: Range<Instant>) {
        (self.at, self.missing) = (at, missing)
    }
}

/// Why there is no copy; nothing of it is left.
package enum BackupError: Error, Equatable {
    /// One is being made; there is one at a time.
    case isUnderWay
    /// The disk has not so much room, in bytes, as the copy and the work beside it need.
    case noRoom(needed: Int64)
    /// So much was written meanwhile that the log came to more bytes than it may.
    case overtaken(limit: Int)
    case givenUp
    case store(StoreError)
}
