import Clocks
import Store
import Testing

@testable import API

@Suite("When tokens were used")
struct TokenUsesTests {
    private let store = CountingTokenStore()
    private let uses = TokenUses()

    private func at(_ milliseconds: Int64) -> Instant { Instant(milliseconds: milliseconds) }

    @Test("a thousand uses of two tokens are one write of their latest")
    func batches() async throws {
        for use in 1...1000 { uses.note(use.isMultiple(of: 2) ? "even" : "odd", at: at(Int64(use))) }
        #expect(store.batches.isEmpty)
        try await uses.write(to: store)
        #expect(store.batches == [["even": at(1000), "odd": at(999)]])
        try await uses.write(to: store)
        #expect(store.batches.count == 1, "without a use there is nothing to write")
    }

    @Test("a clock that is set back takes no use back")
    func neverBack() async throws {
        uses.note("one", at: at(10))
        uses.note("one", at: at(9))
        try await uses.write(to: store)
        #expect(store.batches == [["one": at(10)]])
    }

    @Test("what a full store did not take is written the next time")
    func keepsWhatFailed() async throws {
        store.setFull(true)
        uses.note("one", at: at(1))
        await #expect(throws: StoreError.self) { try await uses.write(to: store) }
        #expect(uses.unwritten == ["one": at(1)])
        uses.note("two", at: at(2))
        store.setFull(false)
        try await uses.write(to: store)
        #expect(store.batches == [["one": at(1), "two": at(2)]])
        #expect(uses.unwritten.isEmpty)
    }
}
