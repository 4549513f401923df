import AuthEvents
import Challenges
import Clocks
import Deliveries
import Limits
import SQLite
import Schemas
import Spend
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("A database of version 1")
struct MigrationTests {
    private let stationery = Stationery()
    private let time = ManualTime()
    private let folder: TemporaryFolder
    private let ready: Submission
    private let unknown: Submission

    init() throws {
        folder = try TemporaryFolder()
        ready = stationery.submission(Letter(to: "bobby"), at: time.now())
        unknown = stationery.submission(Letter(to: "carol"), at: time.now())
        var connection = try Connection(path: folder.file("post.db"), access: .readWrite)
        let first = try #require(Migration.sqlite.first)
        try connection.execute("\(first.script); PRAGMA user_version = \(first.version)")
        try connection.setMeta("epoch", .blob(Array(repeating: 7, count: 16)))
        try connection.setMeta("sequence", .integer(12))
        try connection.setMeta("fence", .integer(WriterState.fenceBlock))
        try connection.setMeta("boot", .text(time.bootID))
        try connection.execute(
            """
            INSERT INTO tenant (id, name) VALUES (1, 'default');
            INSERT INTO gateway (id, name) VALUES (1, 'mail-main'), (2, 'mail-backup'), (3, 'sms-main');
            """
        )
        try insert(ready, state: .ready, in: &connection)
        try insert(unknown, state: .unknown, in: &connection)
    }

    /// Writes what version 1 wrote for an accepted mail, or for one whose carrier died with it.
    private func insert(
        _ submission: Submission,
        state: DeliveryState,
        in connection: inout Connection
    ) throws {
        let leg = try #require(submission.legs.first)
        let (now, tried) = (time.now(), state == .unknown ? Int64(1) : 0)
        let expires = now + leg.challenge.life
        try connection.run(
            """
            INSERT INTO event (id, tenant, purpose, name, source, locale, content, received, seal_key, sealed)
            VALUES (?, 1, 1, ?, '/tests', 'en', ?, ?, 'seal-1', ?)
            """,
            .blob(submission.event.bytes),
            .text(submission.name),
            .blob(submission.content.bytes),
            .integer(now.milliseconds),
            .blob(submission.sealed.bytes)
        )
        try connection.run(
            "INSERT INTO seen (identity, event, received) VALUES (?, ?, ?)",
            .blob(submission.identity.bytes),
            .blob(submission.event.bytes),
            .integer(now.milliseconds)
        )
        try connection.run(
            """
            INSERT INTO challenge (id, event, tenant, purpose, channel, person, code_key, digits, codes, issued, expires,
                tries)
            VALUES (?, ?, 1, 1, 1, ?, 'code-1', 6, 1, ?, ?, 5)
            """,
            .blob(leg.challenge.id.bytes),
            .blob(submission.event.bytes),
            .blob(leg.person.bytes),
            .integer(now.milliseconds),
            .integer(expires.milliseconds)
        )
        try connection.run(
            """
            INSERT INTO delivery (id, event, challenge, code, tenant, purpose, channel, created, send_before, expires,
                accepted_parked, state, gateway, fence, tried, counted)
            VALUES (?1, ?2, ?3, 1, 1, 1, 1, ?4, ?5, ?6, 0, ?7, 1, ?8, ?8, ?8)
            """,
            .blob(leg.delivery.bytes),
            .blob(submission.event.bytes),
            .blob(leg.challenge.id.bytes),
            .integer(now.milliseconds),
            .integer((expires - leg.minimumLife).milliseconds),
            .integer(expires.milliseconds),
            .integer(state.rawValue),
            .integer(tried)
        )
        if state == .unknown {
            try connection.run(
                "INSERT INTO attempt (delivery, number, id, at, gateway, fence, outcome) VALUES (?1, 1, ?1, ?2, 1, 1, 5)",
                .blob(leg.delivery.bytes),
                .integer(now.milliseconds)
            )
            try connection.run(
                "INSERT INTO timer (due, delivery, lease) VALUES (?, ?, 0)",
                .integer((now + .seconds(60)).milliseconds),
                .blob(leg.delivery.bytes)
            )
        } else {
            try connection.run(
                """
                INSERT INTO hot (id, state, channel, gateway, priority, tenant, due, send_before, fence, lease, tried,
                    counted, crashes, trial)
                VALUES (?, 1, 1, 1, 2, 1, ?, ?, 0, 0, 0, 0, 0, 0)
                """,
                .blob(leg.delivery.bytes),
                .integer(now.milliseconds),
                .integer((expires - leg.minimumLife).milliseconds)
            )
        }
    }

    private func claim(_ lab: SQLiteLab) async throws -> [ClaimedDelivery] {
        let gateways = ["mail-main", "sms-main"]
        return try await lab.store.claim(ClaimRequest(carrier: "c", instance: "one", gateways: gateways, limit: 9))
    }

    @Test("is brought to this version when it is opened, and nothing of it is lost")
    func opens() async throws {
        let lab = try SQLiteLab(in: folder)
        for _ in 1...2 {
            var connection = try Connection(path: lab.path, access: .readOnly)
            let version = try connection.first("PRAGMA user_version", read: { $0.integer(0) })
            #expect(version == Migration.sqlite.last?.version)
            #expect(lab.store.epoch == Array(repeating: 7, count: 16))
            let shown = try await lab.store.deliveries(DeliveryFilter()).items
            #expect(Set(shown.map(\.id)) == Set((ready.legs + unknown.legs).map(\.delivery)))
            #expect(shown.allSatisfy { $0.estimate == nil && $0.price == nil })
            #expect(try await lab.store.ledger(LedgerFilter()).isEmpty)
            try await lab.audit()
            try await lab.reopen()
        }
        let again = try await lab.store.accept(ready)
        guard case .duplicate(let event) = again else { throw SQLiteError.damage("\(again)") }
        #expect(event.deliveries.map(\.id) == ready.legs.map(\.delivery))
        #expect(event.refused.isEmpty)
    }

    @Test("works on: what waited is sent, what was unknown is decided, what was open is verified")
    func worksOn() async throws {
        let lab = try SQLiteLab(in: folder)
        let first = try #require(try await claim(lab).first)
        #expect(first.token.delivery == ready.legs.first?.delivery)
        #expect(first.token.fence > WriterState.fenceBlock)
        #expect(try await lab.store.begin([BeginItem(token: first.token)]) == [.go])
        #expect(try await lab.store.settle([Settlement(token: first.token, outcome: .accepted)]) == [.applied])
        lab.time.pass(.seconds(60))
        while try await lab.store.sweep() {}
        let second = try #require(try await claim(lab).first)
        #expect(second.token.delivery == unknown.legs.first?.delivery)
        let late = CarrierToken(epoch: lab.store.epoch, delivery: second.token.delivery, fence: 1)
        #expect(try await lab.store.settle([Settlement(token: late, outcome: .refused)]) == [.recorded])
        #expect(try await lab.store.begin([BeginItem(token: second.token)]) == [.go])
        let report = try await lab.store.delivery(second.token.delivery, of: nil)
        #expect(report?.attempts.map(\.outcome) == [.refused, nil])
        let attempt = VerificationAttempt(
            target: .challenge(first.challenge, of: nil),
            session: nil,
            idempotencyKey: nil,
            content: Digest(of: "content"),
            personTries: .init(count: 15, period: .seconds(3600)),
            challengeTries: { _ in 5 }
        )
        let verified = try await lab.store.verify(attempt) { stored, _ in .verified(stored[0].challenge.id) }
        guard case .verified = verified else { throw SQLiteError.damage("\(verified)") }
        try await lab.audit()
    }

    @Test("takes SMS and accounts for them")
    func takesSMS() async throws {
        let lab = try SQLiteLab(in: folder)
        try await lab.reopen(with: StoreSettings(budgets: [.cents(1)]))
        let letter = Letter(to: "dora", .mfa, by: .sms)
        guard case .accepted = try await lab.store.accept(stationery.submission(letter, at: lab.time.now())) else {
            throw SQLiteError.damage("an SMS was not accepted")
        }
        let other = try await lab.store.accept(stationery.submission(letter, at: lab.time.now()))
        guard case .refused = other else { throw SQLiteError.damage("\(other)") }
        #expect(try await lab.store.ledger(LedgerFilter()).map(\.kind) == [.reserved])
        try await lab.audit()
    }
}
