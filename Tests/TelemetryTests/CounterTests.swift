import Telemetry
import Testing

@Suite("A counter")
struct CounterTests {
    private let counter = Counter(MetricDescription("a_total", "A.", labels: ["x"]), series: [["known"]])

    @Test("begins at nothing, and shows from the start what it is told of")
    func beginning() {
        #expect(counter.family.series == [["known"]: .integer(0)])
    }

    @Test("only grows, and stays at its largest rather than begin anew")
    func growth() {
        counter.add(["known"], 5)
        counter.add(["known"], -3)
        #expect(counter.family.series == [["known"]: .integer(5)])
        counter.add(["known"], .max)
        counter.add(["known"])
        #expect(counter.family.series == [["known"]: .integer(.max)])
    }

    @Test("misses nothing of what comes at once")
    func together() async {
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<8 {
                group.addTask { [counter] in
                    for _ in 0..<1000 { counter.add(["\(index % 2)"]) }
                }
            }
        }
        #expect(
            counter.family.series == [["0"]: .integer(4000), ["1"]: .integer(4000), ["known"]: .integer(0)]
        )
    }
}
