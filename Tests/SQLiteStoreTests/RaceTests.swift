import StoreBehaviour
import Testing

@Suite("Races in the SQLite post office", .timeLimit(.minutes(10)))
struct RaceTests {
    @Test("have one winner in whatever order the steps come", arguments: Race.allCases)
    func haveOneWinner(race: Race) async throws {
        try await race.check { try SQLiteLab() }
    }

    @Test(
        "are stepped through every order, each actor's own kept, none twice",
        arguments: [([1], 1), ([2, 1], 3), ([3, 1, 2], 60), ([0, 2, 0, 2], 6), ([], 1)]
    )
    func areStepped(steps: [Int], count: Int) {
        let all = Array(Interleavings(of: steps))
        #expect(all.count == count && Interleavings.count(of: steps) == count)
        #expect(Set(all).count == count)
        for order in all {
            #expect(order.sorted() == steps.enumerated().flatMap { Array(repeating: $0, count: $1) })
        }
    }
}
