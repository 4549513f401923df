import JSON
import Testing

@testable import Bench

@Suite("The report of the benchmark")
struct ShapeTests {
    @Test("has every member of a row, null where it was not measured")
    func members() {
        let json = BenchRun.json(machine: ["processors": 2], [BenchRow("accept")])
        #expect(json["machine"]?["processors"] == 2)
        let row = json["rows"]?.array?.first
        #expect(
            row?.object?.members.map(\.name) == [
                "name", "rate", "p50_ms", "p99_ms", "p999_ms", "max_ms", "limit", "page_reads", "bytes_per_event",
                "rss_mb",
            ]
        )
        #expect(row?.object?.members.dropFirst().allSatisfy { $0.value.isNull } == true)
    }

    @Test("tells times in milliseconds, and what stands beside")
    func figures() {
        var row = BenchRow("mail")
        var times = Histogram()
        times.record(2_500_000)
        (row.times, row.rate, row.limit, row.limitName) = (times, 1234.56, 9000, "raw-mail-sink")
        row.notes = [("on_their_way", 256)]
        #expect(row.json["p50_ms"]?.double == 2.5 && row.json["max_ms"]?.double == 2.5)
        #expect(row.json["rate"]?.double == 1234.6)
        #expect(row.json["limit_by"] == "raw-mail-sink" && row.json["on_their_way"] == 256)
        #expect(row.cells.count == BenchRow.head.count)
        #expect(row.cells.prefix(4) == ["mail", "1235", "2.50", "2.50"])
    }

    @Test("has names in kebab case, each row's limit among them")
    func names() {
        for benchmark in Benchmark.allCases {
            #expect(benchmark.rawValue.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
            #expect(benchmark.limit?.rawValue.hasPrefix("raw-") != false)
        }
    }
}
