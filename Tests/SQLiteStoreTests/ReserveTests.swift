import AuthEvents
import Deliveries
import Foundation
import SQLite
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite(
    "The reserve",
    .enabled(if: SmallDisk.isPermitted, "mounting a small file system takes root"),
    .timeLimit(.minutes(12))
)
struct ReserveTests {
    private let stationery = Stationery()

    private func settings(_ bytes: Int) -> StoreSettings {
        var settings = StoreSettings()
        settings.terms.reserve = bytes
        return settings
    }

    private func accepts(_ lab: SQLiteLab, _ person: String) async throws -> Bool {
        do throws(StoreError) {
            _ = try await lab.store.accept(stationery.submission(Letter(to: person), at: lab.time.now()))
            return true
        } catch {
            guard case .unavailable = error else { throw error }
            return false
        }
    }

    @Test("of a full disk lets outcomes, receipts and sweeps through, nothing new, and is set aside again")
    func letsThrough() async throws {
        let disk = try SmallDisk()
        let lab = try SQLiteLab(settings(1 << 20), on: disk)
        let reserve = lab.path + ".reserve"
        #expect(!lab.post.isReserveMissing)
        #expect(try FileManager.default.attributesOfItem(atPath: reserve)[.size] as? Int == 1 << 20)
        for index in 1...60 { #expect(try await accepts(lab, "person-\(index)")) }
        let request = ClaimRequest(carrier: "c", instance: "one", gateways: ["mail-main"], limit: 50)
        let claimed = try await lab.store.claim(request)
        let begun = claimed.prefix(40)
        let went = try await lab.store.begin(begun.map { BeginItem(token: $0.token) })
        #expect(went.allSatisfy { $0 == .go })
        try disk.fill()
        var count = 0
        while try await accepts(lab, "late-\(count)") { count += 1 }
        #expect(!FileManager.default.fileExists(atPath: reserve))
        // With what may not begin it is not booked either, and is reported again.
        let unbegun = [BeginItem(token: claimed[45].token)]
        let late = [Settlement(token: claimed[0].token, outcome: .refused)]
        await #expect(throws: StoreError.self) { try await lab.store.begin(unbegun, behind: late, for: nil) }
        // Each on its own, as carriers report them.
        for claim in begun {
            let settlement = Settlement(token: claim.token, outcome: .accepted, gatewayReference: "r")
            #expect(try await lab.store.settle([settlement]) == [.applied])
        }
        #expect(lab.post.shortage != nil)
        await #expect(throws: StoreError.self) { try await lab.store.begin(unbegun) }
        await #expect(throws: StoreError.self) { try await lab.store.claim(request) }
        await #expect(throws: StoreError.self) { try await lab.store.probe() }
        #expect(try await !accepts(lab, "later"))
        lab.time.pass(.seconds(5))
        _ = try await lab.store.sweep()
        let counts = try await lab.store.standing(of: nil).channels.first { $0.channel == .email }?.counts
        #expect(counts?[.accepted] == 40 && counts?[.leased] == 0)

        try disk.free()
        // The first that is refused finds that there is room again.
        while try await !accepts(lab, "again") { lab.time.pass(.seconds(1)) }
        #expect(FileManager.default.fileExists(atPath: reserve))
        #expect(lab.post.shortage == nil)
        try await lab.audit()
    }

    @Test("that has no room at the start is missing, and does not stop the start")
    func isMissing() async throws {
        let disk = try SmallDisk()
        let lab = try SQLiteLab(settings(16 << 20), on: disk)
        #expect(lab.post.isReserveMissing)
        #expect(!FileManager.default.fileExists(atPath: lab.path + ".reserve"))
        #expect(try await accepts(lab, "bobby"))
    }
}
