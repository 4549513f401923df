import AuthEvents
import Deliveries
import SQLite
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("While one has very many messages waiting", .serialized)
struct FairnessTests {
    /// A million where the tests may take long.
    private static let many: Int64 = Filling.isLong ? 1_000_000 : 100_000
    private static let tenants = 64

    private func claim(_ lab: SQLiteLab, _ limit: Int, by carrier: String = "carrier") async throws -> [ClaimedDelivery]
    {
        try await lab.store.claim(
            ClaimRequest(carrier: carrier, instance: "one", gateways: ["mail-main"], limit: limit)
        )
    }

    @Test(
        "every message of 63 other tenants goes within two rounds of claims, however large a claim is",
        arguments: [16, 64]
    )
    func servesEachTenant(limit: Int) async throws {
        let lab = try SQLiteLab()
        // Of the first tenant the oldest, of which the first have all that a message needs; of the others one each, the newest.
        try await lab.fill([
            Filling(count: 500, isWhole: true), Filling(count: FairnessTests.many, due: 1000),
            Filling(count: 63, tenants: 2...64, due: 10_000_000, isWhole: true),
        ])
        let round = (FairnessTests.tenants + limit - 1) / limit
        var served: [String: Int] = [:]
        for _ in 1...2 * round {
            for claimed in try await claim(lab, limit) { served["\(claimed.tenant)", default: 0] += 1 }
        }
        #expect(served.count == FairnessTests.tenants)
        #expect(served.filter { $0.value > 1 }.keys.sorted() == ["tenant-1"])
        // Nothing lies idle: what the others leave is the first one's.
        #expect(served.values.reduce(0, +) == 2 * round * limit)
    }

    @Test("a second factor is claimed first, and then a recovery")
    func servesWhoWaitsBeforeAScreen() async throws {
        let lab = try SQLiteLab()
        try await lab.fill([Filling(count: 500, isWhole: true), Filling(count: FairnessTests.many, due: 1000)])
        let stationery = Stationery()
        for purpose in [Purpose.notice, .recovery, .mfa] {
            let letter = Letter(to: "person", purpose).with { $0.session = purpose.name }
            _ = try await lab.store.accept(stationery.submission(letter, at: lab.time.now()))
        }
        #expect(try await claim(lab, 4).map(\.purpose) == [.mfa, .recovery, .signUp, .signUp])
    }

    @Test("connections that are kept go to tenants and second factors of which few are in hand, and to nobody else")
    func servesWhoHasFewInHand() async throws {
        let lab = try SQLiteLab()
        try await lab.fill([
            Filling(count: 500, isWhole: true), Filling(count: FairnessTests.many, due: 1000),
            Filling(count: 3, tenants: 2...2, due: 10_000_000, isWhole: true),
        ])
        var request = ClaimRequest(carrier: "kept", instance: "one", gateways: ["mail-main"], limit: 9, inHandBelow: 2)
        let bulk = try await claim(lab, 4)
        #expect(Set(bulk.map { "\($0.tenant)" }) == ["tenant-1", "tenant-2"])
        #expect(try await lab.store.claim(request).isEmpty)
        let mfa = Letter(to: "person", .mfa).with { $0.session = "s" }
        _ = try await lab.store.accept(Stationery().submission(mfa, at: lab.time.now()))
        #expect(try await lab.store.claim(request).map(\.purpose) == [.mfa])
        // Of the second tenant two were claimed, one is left: it is open again once one of them has ended.
        let second = try #require(bulk.first { "\($0.tenant)" == "tenant-2" })
        #expect(try await lab.store.begin([BeginItem(token: second.token)]) == [.go])
        #expect(try await lab.store.claim(request).isEmpty)
        #expect(try await lab.store.settle([Settlement(token: second.token, outcome: .accepted)]) == [.applied])
        request.limit = 1
        #expect(try await lab.store.claim(request).map { "\($0.tenant)" } == ["tenant-2"])
        #expect(try await lab.store.claim(request).isEmpty)
    }

    @Test("of those who claim at once each gets its part, and each message goes to one", arguments: [2, 4, 8, 16])
    func servesEachCarrier(carriers: Int) async throws {
        let count: Int64 = Filling.isLong ? 100_000 : 5000
        let lab = try SQLiteLab()
        try await lab.fill([Filling(count: count, tenants: 1...10, isWhole: true)])
        // All wait before the first is served.
        let held = await HeldWriter(lab.post.writer)
        let parts = try await withThrowingTaskGroup { group in
            for carrier in 1...carriers {
                group.addTask {
                    var mine: [ClaimedDelivery] = []
                    while true {
                        let more = try await claim(lab, 20, by: "carrier-\(carrier)")
                        guard !more.isEmpty else { return mine }
                        mine += more
                    }
                }
            }
            try await held.release(with: carriers)
            return try await group.reduce(into: [[ClaimedDelivery]]()) { $0.append($1) }
        }
        let all = parts.flatMap { $0 }
        #expect(all.count == Int(count))
        #expect(Set(all.map(\.token.delivery)).count == Int(count))
        #expect(Set(all.map(\.token.fence)).count == Int(count))
        let sizes = parts.map(\.count)
        #expect((sizes.min() ?? 0) * 5 >= sizes.max() ?? 0, "\(sizes)")
    }
}
