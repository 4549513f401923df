package import AuthEvents
package import Challenges
package import Clocks
import Cryptography
package import Deliveries
package import Limits
import SQLite
package import Spend
package import Store
import Synchronization
package import Telemetry

/// The store of one machine: an SQLite file in WAL mode with one writer and a few readers.
///
/// Every commit is synced (`synchronous=FULL`) before it is answered. SQLite before 3.51.3 can damage a WAL file when two
/// connections write and checkpoint at once; here exactly one does either.
package final class SQLitePostOffice: Sendable {
    let writer: Writer
    let readers: Readers
    /// Looks up tokens and nothing else: who may come in does not wait for whoever reads long.
    let doorkeeper: Readers
    let board = WorkBoard()
    let published: Published
    private let life: LifeKeeper
    private let damage: Damage
    let copier: Copier
    let time: any TimeSource
    let budgets: [Budget]
    let stories: StoryBounds
    /// Refusals on their way into the file.
    let book = RefusalBook()
    let outlook: UnknownOutlook
    package let epoch: [UInt8]
    /// Whether there was no room to set aside what the terms say; it is tried again.
    package let isReserveMissing: Bool

    /// Opens the file, or makes it.
    ///
    /// `life`: Compared with the database first, and kept up to date from then on.
    ///
    /// `numbers`: Reads the number that a delivery goes to, to the previous one where it says so; for prefixes that are
    /// held.
    ///
    /// `stories`: How much is kept for who asks why.
    ///
    /// `metrics`: Where it counts what it has committed.
    package init(
        path: String,
        life: LifeFile,
        routing: RoutingTable,
        budgets: [Budget] = [],
        policy: @escaping @Sendable (Channel, Purpose) -> SendingPolicy = SendingPolicy.standard,
        numbers: @escaping @Sendable (EventID, SealedBytes, Bool) -> String? = { _, _, _ in nil },
        time: any TimeSource,
        stories: StoryBounds = StoryBounds(),
        keys: Digest? = nil,
        metrics: Metrics = Metrics(),
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        terms: StoreTerms = StoreTerms()
    ) throws(OpeningError) {
        var core = try WriterCore.open(
            path: path,
            life: life,
            keys: keys,
            routing: routing,
            budgets: budgets,
            policy: policy,
            numbers: numbers,
            time: time,
            stories: stories,
            recentRows: terms.recentRows,
            generator: generator
        )
        epoch = core.epoch
        let initial = core.state
        let keeper: LifeKeeper
        let sign = DamageSign(of: path)
        let damage = Damage { sign.leave($0, at: time.now()) }
        self.damage = damage
        do {
            keeper = try LifeKeeper(file: life, epoch: core.epoch.hex, sequence: initial.sequence)
            readers = try Readers(path: path, count: 2, damage: damage)
            doorkeeper = try Readers(path: path, count: 1, damage: damage)
        } catch let error as SQLiteError {
            throw OpeningError(error, path: path)
        } catch {
            throw .failed(path: path, reason: "\(error)")
        }
        self.life = keeper
        let published = Published(initial)
        self.published = published
        let board = board
        core.board = board
        let reserve = ReserveFile(path: path + ".reserve", size: terms.reserve)
        isReserveMissing = terms.reserve > 0 && !reserve.take()
        writer = Writer(
            core: core,
            terms: terms,
            reserve: reserve,
            damage: damage,
            metrics: metrics,
            committed: { state, wakes, quiet in
                published.set(state)
                board.signal(wakes, quiet: quiet)
            },
            checkpointed: { keeper.remember($0) }
        )
        let writer = writer
        copier = Copier(path: path, walLimit: terms.walLimit / 2, walBytes: { writer.walBytes }, damage: damage)
        copier.removeLeftovers()
        (self.time, self.budgets, self.stories) = (time, budgets, stories)
        outlook = UnknownOutlook(routing: routing, policy: policy)
    }

    /// Writes beside the keys how far the database has come; called at least every ten seconds.
    package func rememberLife() {
        life.remember(published.state.sequence)
    }

    /// Answers what waits, ends all waits for work, and leaves a file without a WAL.
    package func close() async {
        board.close()
        // A file that takes nothing more has said so elsewhere; what is refused matters less than that it ends.
        while (try? await writeRefusals()) == true {}
        life.remember(await writer.close())
    }

    /// Why no event is accepted for now, if any is the reason: a full disk, a write-ahead log that cannot be copied back, a
    /// page that cannot be read.
    package var shortage: String? {
        (damage.shortage ?? writer.shortage).map { "\(StoreError($0.error))" }
    }

    /// Copies the write-ahead log back and empties it, where no reader is in the way.
    package func checkpoint() async { await writer.checkpoint() }

    /// Ends all waits for work, now and later; claims go on being answered.
    package func endWaits() { board.close() }
}

/// The state after the last commit, for whoever only looks.
final class Published: Sendable {
    private let latest: Mutex<WriterState>

    init(_ state: WriterState) {
        latest = Mutex(state)
    }

    var state: WriterState { latest.withLock { $0 } }

    func set(_ state: WriterState) {
        latest.withLock { $0 = state }
    }
}

extension SQLitePostOffice: EventStore {
    package func accept(_ submissions: [Submission]) async throws(StoreError) -> [Acceptance] {
        try await writer.perform { core throws(SQLiteError) in
            var acceptances: [Acceptance] = []
            for submission in submissions { acceptances.append(try core.accept(submission)) }
            return acceptances
        }
    }
}

extension SQLitePostOffice: ChallengeStore {
    package func verify(
        _ attempt: VerificationAttempt,
        judge: @escaping @Sendable ([StoredChallenge], Instant) -> Verdict
    ) async throws(StoreError) -> VerificationResult {
        try await writer.perform { core throws(SQLiteError) in try core.verify(attempt, judge: judge) }
    }

    package func challenge(
        _ id: ChallengeID,
        of tenant: TenantName?,
        personTries: Rate
    ) async throws(StoreError) -> ChallengeReport? {
        let now = time.now()
        let names = published.state.tenants.names
        return try await readers.read { connection throws(SQLiteError) in
            guard let row = try connection.challenge(id), let name = names[row.tenant].flatMap(TenantName.init),
                tenant == nil || tenant == name
            else { return nil }
            let tries = try connection.tries(of: row.person, purpose: row.challenge.purpose)
            let deliveries = try connection.all(
                "SELECT id FROM delivery INDEXED BY delivery_challenge WHERE challenge = ? ORDER BY id",
                .blob(id.bytes),
                read: { DeliveryID(bytes: $0.blob(0)) }
            )
            let group = try connection.group(of: row).map(\.challenge.id)
            let personLeft = TokenBucket(fullAt: tries.fullAt).left(
                at: now.milliseconds * 1_000_000,
                rate: personTries
            )
            return ChallengeReport(
                challenge: row.challenge,
                tenant: name,
                deliveries: deliveries.compactMap(\.self),
                group: group.count > 1 ? group.sorted() : [],
                triesLeft: max(0, min(row.challenge.triesLeft, personLeft))
            )
        }
    }
}

extension SQLitePostOffice: ReceiptStore {
    package func receive(
        _ receipt: Receipt,
        of gateway: String,
        at address: AttemptID?
    ) async throws(StoreError) -> ReceiptResult {
        try await writer.perform { core throws(SQLiteError) in try core.receive(receipt, of: gateway, at: address) }
    }
}
