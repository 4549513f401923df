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

@Suite("A database of an earlier version")
struct MigrationTests {
    static let versions = Migration.sqlite.map(\.version).dropLast()

    private func claim(_ lab: SQLiteLab) async throws -> [ClaimedDelivery] {
        let gateways = ["mail-main", "sms-main"]
        return try await lab.store.claim(ClaimRequest(carrier: "c", instance: "one", gateways: gateways, limit: 9))
    }

    @Test("is brought to this version when it is opened, and nothing of it is lost", arguments: versions)
    func opens(version: Int64) async throws {
        let old = try OldDatabase(version: version)
        let lab = try SQLiteLab(in: old.folder)
        for _ in 1...2 {
            var connection = try Connection(path: lab.path, access: .readOnly)
            let version = try connection.first("PRAGMA user_version", read: { $0.integer(0) })
            #expect(version == Migration.sqlite.last?.version)
            #expect(lab.store.epoch == Array(repeating: 7, count: 16))
            let shown = try await lab.store.deliveries(DeliveryFilter()).items
            #expect(Set(shown.map(\.id)) == Set((old.ready.legs + old.unknown.legs).map(\.delivery)))
            #expect(shown.allSatisfy { $0.estimate == nil && $0.price == nil })
            #expect(try await lab.store.ledger(LedgerFilter()).isEmpty)
            try await lab.audit()
            try await lab.reopen()
        }
        let again = try await lab.store.accept(old.ready)
        guard case .duplicate(let event) = again else { throw SQLiteError.damage("\(again)") }
        #expect(event.deliveries.map(\.id) == old.ready.legs.map(\.delivery))
        #expect(event.refused.isEmpty)
    }

    @Test("works on: what waited is sent, what was unknown is decided, what was open is verified", arguments: versions)
    func worksOn(version: Int64) async throws {
        let old = try OldDatabase(version: version)
        let lab = try SQLiteLab(in: old.folder)
        let first = try #require(try await claim(lab).first)
        #expect(first.token.delivery == old.ready.legs.first?.delivery)
        #expect(first.token.fence > WriterState.fenceBlock)
        #expect(try await lab.store.begin([BeginItem(token: first.token)]) == [.go])
        #expect(try await lab.store.settle([Settlement(token: first.token, outcome: .accepted)]) == [.applied])
        lab.time.pass(.seconds(60))
        while try await lab.store.sweep() {}
        let second = try #require(try await claim(lab).first)
        #expect(second.token.delivery == old.unknown.legs.first?.delivery)
        let late = CarrierToken(epoch: lab.store.epoch, delivery: second.token.delivery, fence: 1)
        #expect(try await lab.store.settle([Settlement(token: late, outcome: .refused)]) == [.recorded])
        #expect(try await lab.store.begin([BeginItem(token: second.token)]) == [.go])
        let report = try await lab.store.delivery(second.token.delivery, of: nil)
        #expect(report?.attempts.map(\.outcome) == [.refused, nil])
        let attempt = try VerificationAttempt(
            target: .challenge(#require(first.code).challenge, of: nil),
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

    @Test("takes SMS and accounts for them", arguments: versions)
    func takesSMS(version: Int64) async throws {
        let old = try OldDatabase(version: version)
        let lab = try SQLiteLab(in: old.folder)
        try await lab.reopen(with: StoreSettings(budgets: [.cents(1)]))
        let letter = Letter(to: "dora", .mfa, by: .sms)
        guard case .accepted = try await lab.store.accept(old.stationery.submission(letter, at: lab.time.now())) else {
            throw SQLiteError.damage("an SMS was not accepted")
        }
        let other = try await lab.store.accept(old.stationery.submission(letter, at: lab.time.now()))
        guard case .refused = other else { throw SQLiteError.damage("\(other)") }
        #expect(try await lab.store.ledger(LedgerFilter()).map(\.kind) == [.reserved])
        try await lab.audit()
    }

    @Test("lets in who had a token, until it is revoked", arguments: versions)
    func letsIn(version: Int64) async throws {
        let old = try OldDatabase(version: version)
        let lab = try SQLiteLab(in: old.folder)
        let token = try #require(try await lab.store.token(hash: Digest(of: "token")))
        #expect(token.scopes == ["events", "codes"])
        #expect((token.revokedAt, token.lastUsedAt) == (nil, nil))
        try await lab.store.keep(lastUses: [token.id: lab.time.now()])
        #expect(try await lab.store.revoke(token.id, of: nil))
        let revoked = try await lab.store.tokens(TokenFilter()).items
        #expect(revoked.map(\.revokedAt) == [lab.time.now()])
        #expect(revoked.map(\.lastUsedAt) == [lab.time.now()])
    }

    @Test("takes up what was open, and messages that prove nothing", arguments: versions)
    func takesNotices(version: Int64) async throws {
        let old = try OldDatabase(version: version)
        let lab = try SQLiteLab(in: old.folder)
        let notice = Letter(to: "bobby", .notice).with { letter in
            letter.proves = false
            letter.brought = "brought"
        }
        let letters = [Letter(to: "bobby"), notice].map { old.stationery.submission($0, at: lab.time.now()) }
        guard case .accepted(let resent) = try await lab.store.accept(letters[0]),
            case .accepted(let told) = try await lab.store.accept(letters[1])
        else { throw SQLiteError.damage("they were not accepted") }
        #expect(resent.deliveries.map(\.challengeID) == old.ready.legs.map(\.proof.challenge?.id))
        #expect(told.deliveries.map(\.challengeID) == [nil])
        let claimed = try await claim(lab)
        #expect(claimed.map(\.token.delivery) == (resent.deliveries + told.deliveries).map(\.id))
        #expect(claimed.map(\.brought) == [nil, Array("brought".utf8)])
        #expect(claimed.map(\.isPrevious) == [false, false])
        let ended = try await lab.store.delivery(old.ready.legs[0].delivery, of: nil)
        #expect(ended?.reason == .superseded)
        try await lab.audit()
    }
}
