import Foundation
import StoreBehaviour
import TestSupport
import Testing

@Suite("The SQLite post office and the model", .timeLimit(.minutes(30)))
struct ModelTests {
    private static let isLong = ProcessInfo.processInfo.environment["GATEPOST_TEST_LONG"] != nil
    /// Walks side by side, each with so many seeds one after the other.
    private static let groups: Range<UInt64> = 0..<8
    private static let seeds: UInt64 = isLong ? 250 : 8

    /// Where walks must have been, so that one knows what they say.
    private static let places: Set<String> = [
        "ready", "parked(held)", "parked(paused)", "parked(gateway_down)", "parked(over_budget)", "leased", "sending",
        "unknown", "accepted", "accepted(no_receipt)", "delivered", "undelivered", "dead(refused)", "dead(expired)",
        "dead(exhausted)", "dead(over_budget)", "dead(cancelled)", "dead(superseded)", "dead(answered)",
        "dead(gave_up)", "dead(held_too_long)", "dead(crashed)", "accept accepted", "accept duplicate",
        "accept conflict", "accept refused person", "accept refused resend", "accept refused over_budget",
        "accept refused suppressed", "accept refused held", "accept refused tenant", "begin go", "begin stale",
        "begin expired", "begin cancelled", "begin over_budget", "begin paused", "begin mismatch", "settle applied",
        "settle recorded", "settle stale", "receipt applied", "receipt recorded", "receipt known", "receipt no_attempt",
        "cancel true", "cancel false", "cancel nil", "verify verified", "verify used", "verify repeated",
        "verify conflict", "verify locked", "verify locked for a while", "verify mismatch", "verify expired",
        "verify not found", "replay sent", "replay skipped superseded", "look sent", "restore done",
    ]

    @Sendable
    private static func newLab() throws -> SQLiteLab { try SQLiteLab(in: TemporaryFolder(inMemory: true)) }

    @Test("stand the same after each step of random walks, which come to every state and answer")
    func standTheSame() async throws {
        let check = ModelCheck(in: ModelTests.newLab)
        try await withThrowingTaskGroup { group in
            for first in ModelTests.groups {
                group.addTask {
                    for seed in first * ModelTests.seeds..<(first + 1) * ModelTests.seeds {
                        if let failure = try await check.failure(seed: seed) { Issue.record("\(failure)") }
                    }
                }
            }
            try await group.waitForAll()
        }
        let missing = ModelTests.places.subtracting(check.visits.all)
        #expect(missing.isEmpty, "\(missing.sorted())")
    }

    @Test("tell whatever a store does wrong in eight steps or fewer", arguments: PlantedFault.allCases)
    func tellFaults(fault: PlantedFault) async throws {
        let check = ModelCheck { FaultyLab(try ModelTests.newLab(), fault) }
        for seed in 0..<40 as Range<UInt64> {
            guard let failure = try await check.failure(seed: seed) else { continue }
            #expect(failure.steps.count <= 8, "\(failure)")
            return
        }
        Issue.record("no walk has found it")
    }
}
