import Synchronization
import TestSupport
import Testing

@testable import Carrier

@Suite("Requests that go together", .timeLimit(.minutes(2)))
struct BatcherTests {
    private final class Calls: Sendable {
        let made = Mutex<[[Int]]>([])
    }

    private let calls = Calls()

    private func batcher() -> Batcher<Int, Int> {
        Batcher { [calls] items in
            calls.made.withLock { $0.append(items) }
            return items.map { $0 * 2 }
        }
    }

    @Test("wait no longer than who has no patience")
    func hurries() async {
        let batcher = batcher()
        let patient = Task.immediate { await batcher.submit(1, within: .seconds(3600)) }
        #expect(await batcher.submit(2) == 4)
        #expect(await patient.value == 2)
        #expect(calls.made.withLock { $0 } == [[1, 2]])
    }

    @Test("wait for others as long as the least patient of them")
    func waits() async {
        let batcher = batcher()
        let patient = Task.immediate { await batcher.submit(1, within: .seconds(3600)) }
        let other = Task.immediate { await batcher.submit(2, within: .milliseconds(1)) }
        #expect(await patient.value == 2)
        #expect(await other.value == 4)
        #expect(calls.made.withLock { $0 } == [[1, 2]])
    }

    @Test("go in parts and with rests while others have few in hand")
    func goesInParts() async {
        let time = ManualTime()
        let rests = Mutex<[Duration]>([])
        let courtesy = Courtesy(part: 2, time: time) { rest in rests.withLock { $0.append(rest) } }
        let batcher = Batcher<Int, Int>(limit: 3, courtesy: courtesy) { [calls] items in
            let call = calls.made.withLock { calls in
                calls.append(items)
                return calls.count
            }
            time.pass(.milliseconds(call == 3 ? 9000 : call))
            if call == 2 { courtesy.metFew(besideMany: true) }
            return items.map { $0 * 2 }
        }
        await withTaskGroup { group in
            batcher.gather {
                for number in 1...11 { group.addImmediateTask { await batcher.submit(number) } }
            }
            for await answer in group { #expect(answer.map { (2...22).contains($0) } == true) }
        }
        #expect(calls.made.withLock { $0 } == [[1, 2, 3], [4, 5, 6], [7, 8], [9, 10], [11]])
        // Twice as long as the call before took and not for long, but not before the others came.
        #expect(rests.withLock { $0 } == [.milliseconds(4), .milliseconds(20), .milliseconds(8), .milliseconds(10)])
    }

    @Test("are answered when nobody else comes")
    func endsAlone() async {
        let batcher = batcher()
        for number in 1...3 { #expect(await batcher.submit(number, within: .milliseconds(1)) == number * 2) }
        #expect(calls.made.withLock { $0 } == [[1], [2], [3]])
    }

    @Test(
        "wait a sixteenth of a hand-over, five milliseconds at the most, and not for less than one",
        arguments: [(0, 0), (320, 0), (15_984, 0), (16_000, 1000), (80_000, 5000), (10_000_000, 5000)]
    )
    func patience(handOver: Int, patience: Int) {
        #expect(Carrier.patience(after: .microseconds(handOver)) == .microseconds(patience))
    }
}
