import AuthEvents
import Clocks
import SQLite

/// What events are recognised and counted by: the tables `seen`, `person_challenge` and `bucket`, with their newest rows in
/// memory.
///
/// Each commit appends the rows that it changed to `recent` as one row, from which they are read after a crash. Once there
/// are enough of them, or after a minute, they are merged into their tables, some with each commit and twice as fast as new
/// ones come; then their part of `recent` is removed, a few rows with each commit and the oldest first.
struct RecentRows: Sendable {
    var seen = Memtable<SeenRow>()
    var persons = Memtable<PersonRow>()
    var buckets = Memtable<BucketRow>()
    /// Rows from which on they are merged.
    let limit: Int
    /// The last row of `recent`, and the last one of those with old rows.
    private var number: Int64 = 0
    private var oldNumber: Int64 = 0
    /// When the first of the young rows was kept.
    private var youngSince: Instant?
    /// Set when what `recent` says of a row has to go too.
    private var mustRewrite = false
    /// Set when it is time for a slice of the old rows, and for the young ones to become old.
    private var isTimeToMerge = false
    private var isTimeToAge = false
    /// Set when `recent` says nothing of the old rows any more.
    private var isEmptied = false

    init(limit: Int) {
        self.limit = limit
    }

    /// Young rows become old after this time, however few they are, so that retention finds them in their tables.
    static let longest: Duration = .seconds(60)
    /// Old rows that are merged in one slice while nothing is written.
    static let slice = 500
    /// Rows of `recent` that are removed in one transaction: a full disk must have room for what that writes.
    static let removed: Int64 = 16

    /// Where the changes of a transaction stand.
    struct Mark {
        fileprivate let seen: Int
        fileprivate let persons: Int
        fileprivate let buckets: Int
    }

    var mark: Mark { Mark(seen: seen.changes, persons: persons.changes, buckets: buckets.changes) }

    mutating func rollBack(to mark: Mark) {
        seen.rollBack(to: mark.seen)
        persons.rollBack(to: mark.persons)
        buckets.rollBack(to: mark.buckets)
    }

    mutating func rollBack() {
        rollBack(to: Mark(seen: 0, persons: 0, buckets: 0))
        (mustRewrite, isTimeToMerge, isTimeToAge, isEmptied) = (false, false, false, false)
    }

    /// Whether this transaction has changed anything here.
    var isChanged: Bool { mustRewrite || isTimeToMerge || changes > 0 }

    private var changes: Int { seen.changes + persons.changes + buckets.changes }
    private var isMerged: Bool { seen.isMerged && persons.isMerged && buckets.isMerged }
    private var hasOld: Bool { !seen.old.isEmpty || !persons.old.isEmpty || !buckets.old.isEmpty }

    /// Leaves nothing of a place's buckets behind: its digest stands for whom they count.
    mutating func forgetBuckets(of place: RowKey) {
        for key in Array(buckets.young.keys) + buckets.old.map(\.key)
        where key.belongs(to: place) && buckets.forget(key) { mustRewrite = true }
    }

    /// Looks whether it is time to move rows on, also where nobody writes; called now and then.
    mutating func moveOn(at now: Instant) {
        isTimeToMerge = hasOld
        guard let youngSince else { return }
        isTimeToAge = now < youngSince || now >= youngSince + RecentRows.longest
    }

    mutating func forgetPerson(_ key: RowKey) {
        if persons.forget(key) { mustRewrite = true }
    }
}

extension RecentRows {
    /// Reads what has not been merged.
    mutating func load(from connection: inout Connection, at now: Instant) throws(SQLiteError) {
        self = RecentRows(limit: limit)
        try connection.forEach("SELECT number, entries FROM recent ORDER BY number", []) { row in
            number = row.integer(0)
            RecentLog.forEachEntry(of: row.blob(1)) { kind, key, bytes in
                switch kind {
                case .seen: if let row = SeenRow(logged: bytes) { seen.set(key, row) }
                case .person: if let row = PersonRow(logged: bytes) { persons.set(key, row) }
                case .bucket: if let row = BucketRow(logged: bytes) { buckets.set(key, row) }
                }
            }
            return true
        }
        keep(at: now)
    }

    /// Writes into the transaction what it has changed here, and merges.
    mutating func save(to connection: inout Connection, at now: Instant) throws(SQLiteError) {
        if mustRewrite {
            try connection.run("DELETE FROM recent")
            var log = RecentLog(room: seen.old.count + persons.old.count + buckets.old.count)
            log.append(.seen, seen.old)
            log.append(.person, persons.old)
            log.append(.bucket, buckets.old)
            try append(log, to: &connection)
            oldNumber = number
            log = RecentLog(room: seen.young.count + persons.young.count + buckets.young.count)
            log.append(.seen, seen.young)
            log.append(.person, persons.young)
            log.append(.bucket, buckets.young)
            try append(log, to: &connection)
        } else if changes > 0 {
            var log = RecentLog(room: changes)
            seen.forEachChange { log.append(.seen, $0, $1) }
            persons.forEachChange { log.append(.person, $0, $1) }
            buckets.forEachChange { log.append(.bucket, $0, $1) }
            try append(log, to: &connection)
        }
        guard hasOld else { return }
        var most = 2 * changes + (isTimeToMerge ? RecentRows.slice : 16)
        if !seen.isMerged { most -= try seen.merge(most, into: &connection, at: now) }
        if !persons.isMerged { most -= try persons.merge(most, into: &connection, at: now) }
        if !buckets.isMerged { most -= try buckets.merge(most, into: &connection, at: now) }
        guard isMerged else { return }
        let removed = try connection.run(
            "DELETE FROM recent WHERE number IN (SELECT number FROM recent WHERE number <= ? ORDER BY number LIMIT ?)",
            .integer(oldNumber),
            .integer(RecentRows.removed)
        )
        isEmptied = removed < RecentRows.removed
    }

    /// The transaction is committed.
    mutating func keep(at now: Instant) {
        seen.keep()
        persons.keep()
        buckets.keep()
        defer { (mustRewrite, isTimeToMerge, isEmptied) = (false, false, false) }
        if isEmptied {
            seen.forgetOld()
            persons.forgetOld()
            buckets.forgetOld()
        }
        let count = seen.young.count + persons.young.count + buckets.young.count
        youngSince = count == 0 ? nil : youngSince ?? now
        guard !hasOld, count >= limit || count > 0 && isTimeToAge else { return }
        seen.age()
        persons.age()
        buckets.age()
        (oldNumber, youngSince, isTimeToAge) = (number, nil, false)
    }

    private mutating func append(_ log: RecentLog, to connection: inout Connection) throws(SQLiteError) {
        guard !log.bytes.isEmpty else { return }
        number += 1
        try connection.run("INSERT INTO recent (number, entries) VALUES (?, ?)", .integer(number), .blob(log.bytes))
    }
}

extension Connection {
    /// The challenges of a person that are not in `person_challenge` yet, and perhaps some that are.
    ///
    /// For readers, which have no memory of their own; `recent` is to be read before the table, as rows move there.
    mutating func recentChallenges(of person: RowKey) throws(SQLiteError) -> Set<ChallengeID> {
        var challenges: Set<ChallengeID> = []
        try forEach("SELECT entries FROM recent", []) { row in
            RecentLog.forEachEntry(of: row.blob(0)) { kind, key, bytes in
                guard kind == .person, key.belongs(to: person), let row = PersonRow(logged: bytes) else { return }
                challenges.formUnion(row.challenges)
            }
            return true
        }
        return challenges
    }
}
