import StoreBehaviour
import Testing

@Suite("Budgets of the SQLite post office", .timeLimit(.minutes(12)))
struct BudgetStormTests {
    @Test("are never passed, whatever runs at once, dies and changes", arguments: [UInt64(1), 2, 3, 4, 5])
    func holds(seed: UInt64) async throws {
        try await BudgetStorm(in: SQLiteLab(), seed: seed).check()
    }
}
