import AuthEvents
import Clocks
import Deliveries
import Spend
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("SMS on a full disk", .enabled(if: SmallDisk.isPermitted, "mounting a small file system takes root"))
struct FullDiskSMSTests {
    private let stationery = Stationery()

    private func isDone(_ request: () async throws(StoreError) -> Bool) async throws -> Bool {
        do throws(StoreError) {
            return try await request()
        } catch {
            guard case .unavailable = error else { throw error }
            return false
        }
    }

    private func accept(_ lab: SQLiteLab) async throws -> Bool {
        let submission = stationery.submission(Letter(to: "\(stationery.next())", .mfa, by: .sms), at: lab.time.now())
        return try await isDone { () throws(StoreError) in
            if case .accepted = try await lab.store.accept(submission) { true } else { false }
        }
    }

    private func begin(_ claimed: ClaimedDelivery, _ lab: SQLiteLab) async throws -> Bool {
        let quote = AttemptQuote(segments: 1, encoding: .gsm7, amount: .cents(2), priceVersion: "prices-2")
        let item = BeginItem(token: claimed.token, spend: .quote(quote))
        return try await isDone { () throws(StoreError) in try await lab.store.begin([item]) == [.go] }
    }

    private func settle(_ claimed: ClaimedDelivery, _ lab: SQLiteLab) async throws -> Bool {
        let settlement = Settlement(token: claimed.token, outcome: .accepted, price: .cents(3))
        return try await isDone { () throws(StoreError) in try await lab.store.settle([settlement]) == [.applied] }
    }

    @Test("nothing is begun that is not recorded, outcomes come again, and the ledger holds")
    func accountsForAll() async throws {
        let disk = try SmallDisk()
        let lab = try SQLiteLab(StoreSettings(budgets: [.cents(1_000_000)]), on: disk)
        for _ in 1...40 { #expect(try await accept(lab)) }
        let request = ClaimRequest(carrier: "c", instance: "one", gateways: ["sms-main"], limit: 40)
        let claimed = try await lab.store.claim(request)
        var begun: Set<Int> = []
        for index in 0..<20 where try await begin(claimed[index], lab) { begun.insert(index) }
        #expect(begun.count == 20)
        try disk.fill()
        var accepted = 40
        while try await accept(lab) { accepted += 1 }
        var settled: Set<Int> = []
        for index in 0..<40 {
            if index < 20, try await settle(claimed[index], lab) { settled.insert(index) }
            if index >= 20, try await begin(claimed[index], lab) { begun.insert(index) }
        }
        #expect(begun.count < 40 && settled.count < 20)
        let whileFull = try await lab.store.ledger(LedgerFilter(limit: 10_000))
        #expect(whileFull.count { $0.kind == .reserved } == accepted)
        #expect(whileFull.count { $0.kind == .committed } == begun.count)
        #expect(whileFull.count { $0.kind == .priced } == settled.count)
        try disk.free()
        for index in 20..<40 where !begun.contains(index) { #expect(try await begin(claimed[index], lab)) }
        for index in 0..<40 { #expect(try await settle(claimed[index], lab)) }
        #expect(try await accept(lab))
        try await lab.audit()
        try await lab.reopen()
        try await lab.audit()
        let used = try await lab.store.budgets(of: nil).map(\.used)
        #expect(used == [.cents(40 * 3 + Int64(accepted + 1 - 40))])
    }
}
