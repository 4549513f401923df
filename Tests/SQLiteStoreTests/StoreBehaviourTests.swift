import StoreBehaviour
import Testing

@Suite("The SQLite post office", .timeLimit(.minutes(12)))
struct StoreBehaviourTests {
    @Test("keeps the promises of a store", arguments: StoreBehaviour.allCases)
    func behaves(behaviour: StoreBehaviour) async throws {
        try await behaviour.check(SQLiteLab())
    }
}
