import Telemetry
import Testing

@Suite("A histogram")
struct HistogramTests {
    private func samples(_ histogram: Histogram) -> [String] {
        MetricFamily.text(of: [histogram.family]).split(separator: "\n").dropFirst(2).map(String.init)
    }

    @Test("has buckets that hold what the smaller ones hold, up to +Inf, a sum and a count")
    func cumulative() {
        let histogram = Histogram(MetricDescription("wait_seconds", "Wait."), bounds: [0.5, 1, 10])
        for value in [0.25, 0.25, 0.75, 11, 1000] { histogram.observe(value) }
        #expect(
            MetricFamily.text(of: [histogram.family]).split(separator: "\n").prefix(2)
                == ["# HELP wait_seconds Wait.", "# TYPE wait_seconds histogram"]
        )
        #expect(
            samples(histogram) == [
                #"wait_seconds_bucket{le="0.5"} 2"#, #"wait_seconds_bucket{le="1.0"} 3"#,
                #"wait_seconds_bucket{le="10.0"} 3"#, #"wait_seconds_bucket{le="+Inf"} 5"#, "wait_seconds_sum 1012.25",
                "wait_seconds_count 5",
            ]
        )
    }

    @Test("counts what is as large as a bound in the bound's own bucket", arguments: [1.0, 2, 3])
    func bounds(value: Double) {
        let histogram = Histogram(MetricDescription("a", "A."), bounds: [1, 2, 3])
        histogram.observe(value)
        let counts = samples(histogram).prefix(3).compactMap { $0.split(separator: " ").last }
        #expect(counts == (1...3).map { Double($0) < value ? "0" : "1" })
    }

    @Test("tells its series apart, and puts the bound behind their labels")
    func series() {
        let histogram = Histogram(
            MetricDescription("a", "A.", labels: ["channel"]),
            bounds: [1],
            series: [["email"], ["sms"]]
        )
        histogram.observe(Duration.milliseconds(1500), ["sms"])
        #expect(
            samples(histogram) == [
                #"a_bucket{channel="email",le="1.0"} 0"#, #"a_bucket{channel="email",le="+Inf"} 0"#,
                #"a_sum{channel="email"} 0.0"#, #"a_count{channel="email"} 0"#,
                #"a_bucket{channel="sms",le="1.0"} 0"#, #"a_bucket{channel="sms",le="+Inf"} 1"#,
                #"a_sum{channel="sms"} 1.5"#, #"a_count{channel="sms"} 1"#,
            ]
        )
    }

    @Test("counts time that ran backwards as none, so that its sum only grows")
    func backwards() {
        let histogram = Histogram(MetricDescription("a", "A."), bounds: [1])
        histogram.observe(.seconds(-60))
        #expect(samples(histogram) == [#"a_bucket{le="1.0"} 1"#, #"a_bucket{le="+Inf"} 1"#, "a_sum 0.0", "a_count 1"])
    }
}
