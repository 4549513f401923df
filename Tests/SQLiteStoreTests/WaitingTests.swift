import AuthEvents
import Clocks
import Deliveries
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("Who waits for work", .timeLimit(.minutes(12)))
struct WaitingTests {
    private let lab: SQLiteLab
    private let never: BootInstant

    init() throws {
        lab = try SQLiteLab()
        never = lab.time.boot() + .seconds(86_400)
    }

    private func wait(_ gateways: [String] = ["mail-main"]) async {
        await lab.post.waitForWork(at: gateways, since: lab.post.workMark(), until: never)
    }

    @Test("goes when its task is cancelled, before or while it waits")
    func isCancelled() async {
        let early = Task {
            while !Task.isCancelled { await Task.yield() }
            await wait()
        }
        early.cancel()
        await early.value
        let late = Task { await wait() }
        await Task.yield()
        late.cancel()
        await late.value
    }

    @Test("goes when the process stops, and nobody waits from then on")
    func isEnded() async {
        #expect(!lab.post.isClosing)
        async let waiting: Void = wait()
        await Task.yield()
        lab.post.endWaits()
        await waiting
        await wait()
        #expect(lab.post.isClosing)
    }

    @Test("goes by itself when a delayed delivery is due")
    func isDue() async throws {
        _ = try await lab.store.accept(Stationery().submission(Letter(to: "bobby"), at: lab.time.now()))
        let request = ClaimRequest(carrier: "c", instance: "one", gateways: ["mail-main"], limit: 1)
        let claimed = try #require(try await lab.store.claim(request).first)
        let release = Settlement(token: claimed.token, outcome: .released, retryAfter: .milliseconds(20))
        #expect(try await lab.store.settle([release]) == [.applied])
        await wait()
        lab.time.pass(.milliseconds(20))
        #expect(try await lab.store.claim(request).count == 1)
    }

    /// Accepts a mail while a carrier waits, and returns what the wait brought.
    private func broughtByWaiting(_ request: ClaimRequest, isPeerThere: Bool) async throws -> [ClaimedDelivery] {
        let mark = lab.post.workMark()
        async let waiting = lab.post.waitForWork(request, since: mark, until: never, isPeerThere: { isPeerThere })
        while lab.post.board.waiting == 0 { await Task.yield() }
        _ = try await lab.store.accept(Stationery().submission(Letter(to: "bobby"), at: lab.time.now()))
        return await waiting
    }

    @Test("gets what comes, leased in the transaction that brings it")
    func isServed() async throws {
        let request = ClaimRequest(carrier: "c", instance: "one", gateways: ["mail-main"], limit: 5)
        let before = lab.post.published.state.sequence
        let claimed = try #require(try await broughtByWaiting(request, isPeerThere: true).first)
        #expect(lab.post.published.state.sequence == before + 1)
        #expect(try await lab.store.claim(request).isEmpty)
        #expect(try await lab.store.begin([BeginItem(token: claimed.token)]) == [.go])
    }

    @Test("for what few of are in hand sleeps on while others get more, and gets what comes of the kind")
    func waitsForFew() async throws {
        let stationery = Stationery()
        func accept(_ number: Int, _ purpose: Purpose = .signUp) async throws {
            let letter = Letter(to: "person-\(number)", purpose).with { $0.session = "s" }
            _ = try await lab.store.accept(stationery.submission(letter, at: lab.time.now()))
        }
        let any = ClaimRequest(carrier: "c", instance: "one", gateways: ["mail-main"], limit: 5)
        var few = any
        few.inHandBelow = 1
        try await accept(1)
        #expect(try await lab.store.claim(any).count == 1)
        let mark = lab.post.workMark()
        async let waiting = lab.post.waitForWork(few, since: mark, until: never, isPeerThere: { true })
        while lab.post.board.waiting == 0 { await Task.yield() }
        try await accept(2)
        try await accept(3)
        #expect(lab.post.board.waiting == 1, "it was woken for nothing")
        try await accept(4, .mfa)
        #expect(await waiting.map(\.purpose) == [.mfa])
        // It does not spin on what is due and not for it.
        async let again = lab.post.waitForWork(few, since: lab.post.workMark(), until: never, isPeerThere: { true })
        while lab.post.board.waiting == 0 { await Task.yield() }
        lab.post.wake(["mail-main"])
        #expect(await again.isEmpty)
    }

    @Test("for what few of are in hand is woken where it began between the offer and the commit")
    func beginsBetween() async {
        let board = WorkBoard()
        let mark = board.mark()
        var few = ClaimRequest(carrier: "c", instance: "one", gateways: ["mail-main"], limit: 5)
        few.inHandBelow = 1
        #expect(board.takePickyWaiter(at: ["mail-main"], hasWork: { _ in true }) == nil)
        async let waiting = board.wait(few, since: mark, atMost: .seconds(100_000), isPeerThere: { true })
        while board.waiting == 0 { await Task.yield() }
        board.signal(["mail-main"], quiet: ["mail-main"])
        #expect(await waiting.isEmpty)
    }

    @Test("is leased nothing where the carrier has died")
    func isGone() async throws {
        let request = ClaimRequest(carrier: "c", instance: "one", gateways: ["mail-main"], limit: 5)
        #expect(try await broughtByWaiting(request, isPeerThere: false).isEmpty)
        #expect(try await lab.store.claim(request).count == 1)
    }

    @Test("is woken by each of many commits in turn")
    func missesNone() async throws {
        let stationery = Stationery()
        for index in 1...50 {
            let mark = lab.post.workMark()
            async let waiting: Void = lab.post.waitForWork(at: ["mail-main"], since: mark, until: never)
            let submission = stationery.submission(Letter(to: "person-\(index)"), at: lab.time.now())
            _ = try await lab.store.accept(submission)
            await waiting
            let request = ClaimRequest(carrier: "c", instance: "one", gateways: ["mail-main"], limit: 5)
            #expect(try await lab.store.claim(request).count == 1)
        }
    }
}
