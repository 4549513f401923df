import AuthEvents
import Challenges
import Clocks
import Deliveries
import Limits
import Spend
import Store
import TestSupport
import Testing

/// Fresh deliveries for those that failed.
extension Scene {
    /// What of a failed delivery a replay is asked to send: to the letter's person, under its own terms.
    func items(_ letter: Letter, _ filter: DeliveryFilter = DeliveryFilter()) async throws -> [ReplayItem] {
        try await store.candidates(filter, after: nil, limit: 1000).map { candidate in
            let fresh = stationery.submission(letter, at: time.now())
            return ReplayItem(candidate: candidate, leg: fresh.legs[0])
        }
    }

    private func begin(_ key: String? = nil, limit: Int = 1000, content: String = "") async throws -> ReplayBeginning {
        var dice = SeededGenerator(seed: UInt64(stationery.next()))
        return try await store.begin(
            NewReplay(
                id: ReplayID(at: time.now(), using: &dice),
                tenant: nil,
                filter: DeliveryFilter(),
                rate: Rate(count: 10, period: .seconds(1)),
                limit: limit,
                key: key.map { Digest(of: "key", $0) },
                content: Digest(of: "content", content)
            )
        )
    }

    func begun(limit: Int = 1000) async throws -> Replay {
        guard case .begun(let replay) = try await begin(limit: limit) else { throw Surprise("no replay was begun") }
        return replay
    }

    /// Replays everything that failed, and returns how it ended.
    @discardableResult
    func replay(_ letter: Letter) async throws -> Replay {
        try await store.send(items(letter), of: begun().id, isLast: true)
    }

    /// Accepts a letter whose delivery a gateway refuses.
    private func refused(_ letter: Letter) async throws -> AcceptedEvent.Delivery {
        let delivery = try await accept(letter)
        try await settle(beginOne(), .refused)
        #expect(try await state(delivery.id) == "dead(refused)")
        return delivery
    }

    func replaysUnderTheSameChallenge() async throws {
        let letter = Letter(to: "bobby")
        let failed = try await refused(letter)
        time.pass(.seconds(86_400))
        #expect(try await challenge(failed.challengeID)?.challenge.state(at: time.now()) == .expired)
        let replay = try await replay(letter)
        #expect((replay.state, replay.matched, replay.made) == (.done, 1, 1))
        let report = try #require(try await challenge(failed.challengeID))
        #expect(report.challenge.state(at: time.now()) == .open)
        #expect(report.challenge.codes == 2)
        #expect(report.challenge.expiresAt == time.now() + letter.life)
        #expect(report.deliveries.count == 2)
        let fresh = try await self.report(try #require(report.deliveries.last))
        #expect(fresh.replay == replay.id && fresh.state == .ready)
        let claimed = try await claimOne()
        #expect(claimed.code?.number == 2)
        #expect(try await verify(failed.challengeID, "2").name == "verified")
        // The event that comes again is answered as it was.
        var filter = DeliveryFilter()
        filter.replay = replay.id
        #expect(try await store.deliveries(filter).items.map(\.id) == [fresh.id])
    }

    func replaysForTheShortenedLife() async throws {
        let letter = Letter(to: "bobby").with { $0.life = .seconds(90) }
        let failed = try await refused(letter)
        time.pass(.seconds(600))
        #expect(try await replay(letter.with { $0.life = .seconds(300) }).made == 1)
        let challenge = try #require(try await challenge(failed.challengeID)?.challenge)
        #expect(challenge.expiresAt == time.now() + .seconds(90))
    }

    func replaysOnce() async throws {
        let letter = Letter(to: "bobby").with { $0.name = "once" }
        let failed = try await refused(letter)
        #expect(try await replay(letter).made == 1)
        let again = try await replay(letter)
        #expect((again.made, again.skipped) == (0, [.superseded: 1]))
        // The one that the first replay made fails too: now that is the one to replay.
        try await settle(beginOne(), .refused)
        let third = try await replay(letter)
        #expect((third.matched, third.made, third.skipped) == (2, 1, [.superseded: 1]))
        guard case .duplicate(let event) = try await store.accept(stationery.submission(letter, at: time.now())) else {
            throw Surprise("the event was not known")
        }
        #expect(event.deliveries.map(\.id) == [failed.id])
    }

    func replaysNotices() async throws {
        let letter = Letter(to: "bobby", .notice).with { $0.proves = false }
        _ = try await refused(letter)
        time.pass(.seconds(86_400))
        #expect(try await replay(letter).made == 1)
        #expect(try await replay(letter).skipped == [.superseded: 1])
        #expect(try await claimOne().code == nil)
    }

    func skipsWhatNeedsNoReplay() async throws {
        let verified = try await refused(Letter(to: "ann"))
        _ = try await verify(verified.challengeID, "1")
        let locked = try await refused(Letter(to: "bob"))
        for _ in 1...5 { _ = try await verify(locked.challengeID, "wrong") }
        _ = try await refused(Letter(to: "cyd", .mfa))
        // The person asked anew and has another challenge.
        time.pass(.seconds(1))
        let asked = try await accept(Letter(to: "cyd", .mfa).with { $0.session = "other" })
        try await settle(beginOne(), .accepted)
        #expect(try await state(asked.id) == "accepted")
        let end = try await replay(Letter(to: "ann"))
        #expect((end.matched, end.made) == (3, 1))
        #expect(end.skipped == [.verified: 1, .limited: 1])
    }

    func skipsWhatMayNotBeSent() async throws {
        let one = Slot("few", "1/10m")
        let letter = Letter(to: "bobby").limited(by: one)
        let failed = try await refused(letter)
        // What was not sent gave its slot back; somebody else takes it.
        try await accept(Letter(to: "carol").limited(by: one))
        #expect(try await replay(letter).skipped == [.limited: 1])
        try await suppress("bobby")
        #expect(try await replay(letter).skipped == [.suppressed: 1])
        #expect(try await challenge(failed.challengeID)?.deliveries.count == 1)
        let foreign = try await store.candidates(DeliveryFilter(), after: nil, limit: 9).filter {
            $0.delivery == failed.id
        }
        let skipped = foreign.map { ReplayItem(candidate: $0, skip: .foreignCode) }
        #expect(try await store.send(skipped, of: begun().id, isLast: true).skipped == [.foreignCode: 1])
    }

    func replaysWithinTheBudget() async throws {
        try await open([.cents(3)])
        let letter = Letter(to: "bobby", by: .sms)
        for person in ["ann", "bob", "cyd", "dan"] { _ = try await refused(Letter(to: person, by: .sms)) }
        let judged = try await store.judge(items(letter), besides: ReplaySums())
        #expect(judged.fates == [.sent, .sent, .sent, .skipped(.overBudget)])
        // Looking costs nothing: in parts it comes to the same.
        let all = try await items(letter)
        let first = try await store.judge(Array(all.prefix(2)), besides: ReplaySums())
        let rest = try await store.judge(Array(all.dropFirst(2)), besides: first.sums)
        #expect(first.fates + rest.fates == judged.fates)
        let end = try await replay(letter)
        #expect((end.made, end.skipped) == (3, [.overBudget: 1]))
        let shares = try await store.shares(of: end.id)
        #expect(shares.values.map(\.messages) == [3])
        #expect(shares.values.map(\.micros) == [30_000])
    }

    func goesOnWhereItStood() async throws {
        let letter = Letter(to: "bobby")
        for person in ["ann", "bob", "cyd"] { _ = try await refused(Letter(to: person)) }
        let replay = try await begun()
        let first = try await store.send(Array(items(letter).prefix(1)), of: replay.id, isLast: false)
        #expect((first.state, first.made) == (.running, 1))
        try await lab.reopen()
        let running = try await store.runningReplays()
        #expect(running == [first])
        let rest = try await store.candidates(running[0].filter, after: running[0].cursor, limit: 100)
        #expect(rest.count == 2)
        let items = rest.map { ReplayItem(candidate: $0, leg: stationery.submission(letter, at: time.now()).legs[0]) }
        let end = try await store.send(items, of: replay.id, isLast: true)
        #expect((end.state, end.matched, end.made) == (.done, 3, 3))
        #expect(try await store.runningReplays().isEmpty)
    }

    func stopsReplays() async throws {
        let letter = Letter(to: "bobby")
        for person in ["ann", "bob"] { _ = try await refused(Letter(to: person)) }
        let few = try await store.send(items(letter), of: begun(limit: 1).id, isLast: false)
        #expect((few.state, few.made) == (.done, 1))
        let replay = try await begun()
        #expect(try await store.stopReplay(replay.id, of: Scene.acme) == nil)
        #expect(try await store.stopReplay(replay.id, of: nil)?.state == .stopped)
        let late = try await store.send(items(letter), of: replay.id, isLast: true)
        #expect((late.state, late.made) == (.stopped, 0))
    }

    func beginsAReplayOncePerKey() async throws {
        guard case .begun(let replay) = try await begin("k", content: "a") else { throw Surprise("it was not begun") }
        try await lab.reopen()
        #expect(try await begin("k", content: "a") == .known(replay))
        #expect(try await begin("k", content: "b") == .conflict)
        time.pass(.seconds(86_401))
        guard case .begun = try await begin("k", content: "b") else { throw Surprise("the key was remembered") }
    }
}
