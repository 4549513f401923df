import AuthEvents
import Deliveries
import Foundation
import SQLite
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("On a full disk", .enabled(if: SmallDisk.isPermitted, "mounting a small file system takes root"))
struct FullDiskTests {
    private let stationery = Stationery()
    private let time = ManualTime()

    private func open(on disk: SmallDisk) throws -> SQLitePostOffice {
        try SQLitePostOffice(
            path: disk.path + "/post.db",
            life: LifeFile(path: disk.path + "/keys.state"),
            routing: StoreBehaviour.routing,
            time: time
        )
    }

    /// Returns what was accepted before not even one was: first eight at a time, then one by one.
    private func acceptUntilFull(_ office: SQLitePostOffice) async throws -> Set<DeliveryID> {
        var accepted: Set<DeliveryID> = []
        for size in [8, 1] {
            var isFull = false
            while !isFull {
                for result in await accept(size, office) {
                    switch result {
                    case .success(.accepted(let event)): accepted.formUnion(event.deliveries.map(\.id))
                    case .success(let other): Issue.record("a letter was answered \(other)")
                    case .failure(.unavailable): isFull = true
                    case .failure(let error): throw error
                    }
                }
            }
        }
        return accepted
    }

    private func accept(_ count: Int, _ office: SQLitePostOffice) async -> [Result<Acceptance, StoreError>] {
        await withTaskGroup { group in
            for _ in 1...count {
                let name = UUID().uuidString
                let submission = stationery.submission(Letter(to: name).with { $0.name = name }, at: time.now())
                group.addTask { () -> Result<Acceptance, StoreError> in
                    do throws(StoreError) { return .success(try await office.accept(submission)) } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func stored(in office: SQLitePostOffice) async throws -> Set<DeliveryID> {
        Set(try await office.deliveries(DeliveryFilter(limit: 100_000)).items.map(\.id))
    }

    @Test("accepting is refused as unavailable, and what was accepted is there after a restart")
    func losesNothing() async throws {
        let disk = try SmallDisk()
        let reserve = try disk.reserve()
        var office = try open(on: disk)
        let accepted = try await acceptUntilFull(office)
        #expect(accepted.count > 100)
        #expect(try await stored(in: office) == accepted)
        try await countsAreThoseOfTheFile(office)
        await office.close()
        let remembered = try #require(try LifeFile(path: disk.path + "/keys.state").read())
        let sequence = try await office.writer.perform { core throws(SQLiteError) in
            try core.connection.meta("sequence") ?? 0
        }
        #expect(remembered.sequence <= sequence)
        try disk.free(reserve)
        office = try open(on: disk)
        #expect(try await stored(in: office) == accepted)
        try await countsAreThoseOfTheFile(office)
    }

    @Test("the same open store goes on once there is room")
    func goesOn() async throws {
        let disk = try SmallDisk()
        let office = try open(on: disk)
        let reserve = try disk.reserve()
        let first = try await acceptUntilFull(office)
        try disk.free(reserve)
        let second = await accept(8, office).compactMap { result in
            if case .success(.accepted(let event)) = result { event.deliveries.map(\.id) } else { nil }
        }
        #expect(second.count == 8)
        #expect(try await stored(in: office) == first.union(second.joined()))
        try await countsAreThoseOfTheFile(office)
        let request = ClaimRequest(carrier: "c", instance: "one", gateways: ["mail-main"], limit: 5)
        let claimed = try await office.claim(request)
        #expect(claimed.count == 5)
        #expect(try await office.begin(claimed.map { BeginItem(token: $0.token) }) == Array(repeating: .go, count: 5))
        await office.close()
    }

    private func countsAreThoseOfTheFile(_ office: SQLitePostOffice) async throws {
        let counted = try await office.standing(of: nil).channels.first { $0.channel == .email }?.counts
        let shown = try await office.standing(of: .default).channels.first { $0.channel == .email }?.counts
        #expect(counted == shown)
    }
}
