import Telemetry
import Testing

@Suite("The text of metrics")
struct MetricTextTests {
    private func lines(_ family: MetricFamily) -> [String] {
        MetricFamily.text(of: [family]).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test("names a family, says what it means and what type it is, and has its series in order")
    func families() {
        let counter = Counter(MetricDescription("letters_total", "Letters.", labels: ["kind", "fate"]))
        counter.add(["parcel", "lost"])
        counter.add(["card", "sent"], 7)
        counter.add(["card", "lost"])
        counter.add(["card", "lost"])
        #expect(
            lines(counter.family) == [
                "# HELP letters_total Letters.", "# TYPE letters_total counter",
                #"letters_total{kind="card",fate="lost"} 2"#, #"letters_total{kind="card",fate="sent"} 7"#,
                #"letters_total{kind="parcel",fate="lost"} 1"#, "",
            ]
        )
        let gauge = Gauge(MetricDescription("shelf_bytes", "Room."))
        gauge.set(5)
        gauge.set(-3)
        #expect(lines(gauge.family) == ["# HELP shelf_bytes Room.", "# TYPE shelf_bytes gauge", "shelf_bytes -3", ""])
    }

    @Test("has one announcement for each family, also for one without series")
    func several() {
        let counters = ["a_total", "b_total"].map { Counter(MetricDescription($0, "One.", labels: ["x"])) }
        counters[1].add(["1"])
        let text = MetricFamily.text(of: counters.map(\.family))
        let expected = """
            # HELP a_total One.
            # TYPE a_total counter
            # HELP b_total One.
            # TYPE b_total counter
            b_total{x="1"} 1

            """
        #expect(text == expected)
    }

    @Test(
        "escapes backslash, quote and line feed in the value of a label, and nothing else",
        arguments: [
            ("plain", "plain"), ("", ""), (#"a\b"#, #"a\\b"#), (#"say "no""#, #"say \"no\""#),
            ("two\nlines", #"two\nlines"#),
            ("\\\n\"", #"\\\n\""#), (#"\n"#, #"\\n"#), ("tab\there", "tab\there"), ("größe {x=1},", "größe {x=1},"),
        ]
    )
    func escapesLabels(value: String, written: String) {
        let counter = Counter(MetricDescription("a_total", "A.", labels: ["x"]))
        counter.add([value])
        #expect(lines(counter.family)[2] == "a_total{x=\"\(written)\"} 1")
        #expect(lines(counter.family).count == 4)
    }

    @Test("escapes backslash and line feed in what a metric means, and leaves quotes")
    func escapesHelp() {
        let counter = Counter(MetricDescription("a_total", "One \\ two\n\"three\"."))
        #expect(lines(counter.family)[0] == #"# HELP a_total One \\ two\n"three"."#)
    }

    @Test(
        "writes numbers as Go reads them",
        arguments: [
            (0, "0.0"), (0.25, "0.25"), (1.5e-7, "1.5e-07"), (-2, "-2.0"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
            (.nan, "NaN"),
        ]
    )
    func numbers(value: Double, written: String) {
        let family = MetricFamily(MetricDescription("a", "A."), .gauge, [[]: .real(value)])
        #expect(lines(family)[2] == "a " + written)
    }
}
