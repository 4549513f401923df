import AuthEvents
import Clocks
import Deliveries
import Spend
import Telemetry
import TestSupport
import Testing

@Suite("The metrics of a server")
struct MetricsTests {
    private let metrics = Metrics(gateways: ["mail", "sms"])
    private let nothing = MetricsReading(
        version: "1.2.3",
        startedAt: Instant(milliseconds: 1_763_719_200_500),
        residentMemory: 4096
    )

    private func lines(_ reading: MetricsReading? = nil) -> Set<String> {
        let text = MetricFamily.text(of: metrics.families(with: reading ?? nothing))
        return Set(text.split(separator: "\n").map(String.init))
    }

    @Test("have each name once")
    func names() {
        let names = metrics.families(with: nothing).map(\.description.name)
        #expect(Set(names).count == names.count)
    }

    @Test("leave out the memory where the system does not tell it")
    func memory() {
        var reading = nothing
        #expect(lines(reading).contains("process_resident_memory_bytes 4096"))
        reading.residentMemory = nil
        #expect(!lines(reading).contains { $0.contains("process_resident_memory_bytes") })
    }

    @Test("show what can be counted before it is counted, and no code for notices")
    func beginning() {
        let lines = lines()
        for type in EventType.allCases {
            for fate in EventFate.allCases {
                #expect(lines.contains("gatepost_events_total{type=\"\(type.name)\",status=\"\(fate.rawValue)\"} 0"))
            }
        }
        for gateway in ["mail", "sms"] {
            for outcome in Outcome.allCases {
                let labels = "gateway=\"\(gateway)\",outcome=\"\(outcome.name)\""
                #expect(lines.contains("gatepost_attempts_total{\(labels)} 0"))
            }
        }
        #expect(lines.contains(#"gatepost_verifications_total{purpose="mfa",result="verified"} 0"#))
        #expect(!lines.contains { $0.contains("gatepost_verifications_total{purpose=\"notice\"") })
        #expect(lines.contains(#"gatepost_delivery_seconds_count{channel="sms"} 0"#))
        #expect(lines.contains(#"gatepost_build_info{version="1.2.3"} 1"#))
        #expect(lines.contains("process_start_time_seconds 1763719200.5"))
    }

    @Test("count each thing under its labels")
    func counts() {
        metrics.count(EventFate.accepted, type: .mfa)
        metrics.count(EventFate.refused, type: nil)
        metrics.count(VerificationFate.mismatch, purpose: .recovery)
        metrics.count(VerificationFate.notFound, purpose: nil)
        metrics.count(Outcome.refused, gateway: "sms")
        metrics.count(refusalBy: "ip-hour")
        metrics.count(.committed, .cents(2), country: "US")
        metrics.count(.committed, .cents(3), country: "US")
        metrics.count(.released, .cents(1, "EUR"), country: "DE")
        metrics.count(.priced, .cents(1), country: nil)
        metrics.observe(delivery: .milliseconds(700), channel: .sms)
        metrics.observe(commit: .microseconds(1500), size: 3)
        metrics.set(walBytes: 8192)
        metrics.count(pageReads: 40)
        metrics.count(pageReads: 2)
        let expected: Set = [
            #"gatepost_events_total{type="auth.mfa",status="accepted"} 1"#,
            #"gatepost_events_total{type="unknown",status="refused"} 1"#,
            #"gatepost_verifications_total{purpose="recovery",result="mismatch"} 1"#,
            #"gatepost_verifications_total{purpose="unknown",result="not_found"} 1"#,
            #"gatepost_attempts_total{gateway="sms",outcome="refused"} 1"#,
            #"gatepost_limit_refusals_total{limit="ip-hour"} 1"#,
            #"gatepost_spend_micros_total{currency="USD",country="US",kind="committed"} 50000"#,
            #"gatepost_spend_micros_total{currency="EUR",country="DE",kind="released"} 10000"#,
            #"gatepost_spend_micros_total{currency="USD",country="unknown",kind="priced"} 10000"#,
            #"gatepost_delivery_seconds_bucket{channel="sms",le="0.5"} 0"#,
            #"gatepost_delivery_seconds_bucket{channel="sms",le="1.0"} 1"#,
            #"gatepost_delivery_seconds_count{channel="email"} 0"#,
            #"gatepost_store_commit_seconds_bucket{le="0.001"} 0"#,
            #"gatepost_store_commit_seconds_bucket{le="0.0025"} 1"#, "gatepost_store_commit_seconds_sum 0.0015",
            #"gatepost_store_batch_size_bucket{le="2.0"} 0"#, #"gatepost_store_batch_size_bucket{le="4.0"} 1"#,
            "gatepost_wal_bytes 8192", "gatepost_store_page_reads_total 42",
        ]
        #expect(lines().isSuperset(of: expected), "\(expected.subtracting(lines()).sorted())")
    }

    @Test("tell what stands at the moment of the look")
    func reading() {
        var reading = nothing
        reading.deliveries = [.sms: [.ready: 4, .dead: 0]]
        reading.oldestReady = [.sms: .milliseconds(1250), .email: .zero]
        reading.budgetUse = ["all": 0.5]
        reading.carriers = [.email: 2]
        let expected: Set = [
            #"gatepost_deliveries{channel="sms",state="ready"} 4"#,
            #"gatepost_deliveries{channel="sms",state="dead"} 0"#,
            #"gatepost_oldest_ready_seconds{channel="sms"} 1.25"#,
            #"gatepost_oldest_ready_seconds{channel="email"} 0.0"#,
            #"gatepost_budget_used_ratio{budget="all"} 0.5"#, #"gatepost_carriers{channel="email"} 2"#,
        ]
        #expect(lines(reading).isSuperset(of: expected), "\(expected.subtracting(lines(reading)).sorted())")
    }
}
