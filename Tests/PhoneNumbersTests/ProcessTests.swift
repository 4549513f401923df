import Dispatch
import Foundation
import PhoneNumbers
import Synchronization
import Testing

@Suite("A process that reads phone numbers")
struct ProcessTests {
    @Test("may read its first ones on many threads at once")
    func firstUse() async {
        await #expect(processExitsWith: .success) {
            let right = try race(threads: 24)
            #expect(right == 24)
        }
    }

    @Test("prints nothing, whatever it reads")
    func silence() async throws {
        let result = await #expect(
            processExitsWith: .success,
            observing: [\.standardOutputContent, \.standardErrorContent]
        ) {
            for vector in try NumberVector.all() {
                _ = try? PhoneNumber(vector.input, defaultRegion: vector.defaultRegion)
                _ = try? PhoneNumber(vector.input, defaultRegion: "XX")
            }
            _ = isRegion("XX")
        }
        #expect(String(decoding: try #require(result).standardOutputContent, as: UTF8.self) == "")
        #expect(String(decoding: try #require(result).standardErrorContent, as: UTF8.self) == "")
    }
}

/// Has threads begin at one moment, each in another part of the file; the count of those that read all rightly.
private func race(threads count: Int) throws -> Int {
    let vectors = try NumberVector.lasting().filter(\.refusals.isEmpty)
    let right = Atomic(0)
    let (ready, start, done) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    for thread in 0..<count {
        let first = vectors.count * thread / count
        Thread {
            ready.signal()
            start.wait()
            let isRight = (vectors[first...] + vectors[..<first]).allSatisfy { vector in
                (try? PhoneNumber(vector.input, defaultRegion: vector.defaultRegion))?.e164 == vector.e164
            }
            if isRight { right.add(1, ordering: .relaxed) }
            done.signal()
        }.start()
    }
    for _ in 0..<count { ready.wait() }
    for _ in 0..<count { start.signal() }
    for _ in 0..<count { done.wait() }
    return right.load(ordering: .sequentiallyConsistent)
}
