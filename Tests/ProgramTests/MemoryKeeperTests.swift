import Processes
import Testing

@Suite("What a program keeps of its memory", .timeLimit(.minutes(12)))
struct MemoryKeeperTests {
    @Test("goes back to the system where it lies free behind what is in use, once the program has grown")
    func trims() throws {
        let before = try #require(CurrentProcess.residentMemory)
        var pieces = (0..<65_536).map { _ in
            let piece = UnsafeMutableRawPointer.allocate(byteCount: 1024, alignment: 16)
            piece.initializeMemory(as: UInt8.self, repeating: 1, count: 1024)
            return piece
        }
        // One that stays in use at the end holds up all before it.
        let last = pieces.removeLast()
        defer { last.deallocate() }
        for piece in pieces { piece.deallocate() }
        let kept = try #require(CurrentProcess.residentMemory)
        try #require(kept - before > (48 << 20), "the library keeps them")
        #expect(MemoryKeeper.look(since: kept + (1 << 30)) > kept - (16 << 20), "it has not grown")
        #expect(MemoryKeeper.look(since: before) < kept - (32 << 20))
    }
}
