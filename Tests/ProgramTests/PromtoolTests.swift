import Foundation
import JSON
import Testing

@Suite("Prometheus", .enabled(if: Promtool.isInstalled, "\(Promtool.advice)"), .timeLimit(.minutes(12)))
struct PromtoolTests {
    /// The section of the operator's handbook about metrics.
    private static func handbook() throws -> String {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/operating.md")
        let text = String(decoding: try Data(contentsOf: file.standardized), as: UTF8.self)
        guard let start = text.range(of: "\n## Metrics\n"),
            let end = text.range(of: "\n## ", range: start.upperBound..<text.endIndex)
        else { throw Disappointment("The handbook has no section about metrics.") }
        return String(text[start.upperBound..<end.lowerBound])
    }

    /// The block of YAML in it that begins so.
    private static func block(_ start: String) throws -> String {
        let text = try handbook()
        guard let fence = text.range(of: "```yaml\n" + start),
            let end = text.range(of: "\n```", range: fence.upperBound..<text.endIndex)
        else { throw Disappointment("The handbook has no block that begins with \(start).") }
        return start + text[fence.upperBound..<end.lowerBound] + "\n"
    }

    /// All names of ours in a text.
    private static func names(in text: String) -> Set<String> {
        Set(text.matches(of: /(gatepost|process)_[a-z_]+[a-z]/).map { String($0.output.0) })
    }

    @Test("takes the metrics without a word of complaint, before anything has happened and after")
    func metrics() async throws {
        try await Installation.texting { post, _ in
            _ = try await post.server()
            for round in ["before", "after"] {
                try post.write(try await post.scrape().text, to: round)
                let check = try await Promtool.run("check", "metrics", reading: post.path(round))
                #expect(check == (0, ""), "\(round)")
                _ = try await post.textWorker()
                try await post.reached("accepted", post.text(to: phone(1)))
            }
            // It does complain of what is wrong.
            try post.write("# TYPE a counter\na 1\na 2\n", to: "wrong")
            #expect(try await Promtool.run("check", "metrics", reading: post.path("wrong")).code != 0)
        }
    }

    @Test("takes the alerts of the handbook and its settings")
    func alerts() async throws {
        try await Installation.make(.sandbox) { post in
            let rules = try Self.block("groups:")
            try post.write(rules, to: "rules.yml")
            let check = try await Promtool.run("check", "rules", post.path("rules.yml"))
            #expect(check.code == 0, "\(check.said)")
            try post.write(try Self.block("scrape_configs:"), to: "prometheus.yml")
            let settings = try await Promtool.run("check", "config", "--syntax-only", post.path("prometheus.yml"))
            #expect(settings.code == 0, "\(settings.said)")
        }
    }

    /// A day and two hours of readings, of which only the last hour and a half are bad.
    private static let day = """
        rule_files: [rules.yml]
        evaluation_interval: 1m
        tests:
          - interval: 1m
            input_series:
              - { series: 'gatepost_oldest_ready_seconds{channel="sms"}', values: "0x1499 61x60" }
              - { series: 'gatepost_oldest_ready_seconds{channel="email"}', values: "59x1559" }
              # At the default limit; as large as a backup lets it be; and for one reading only.
              - { series: 'gatepost_wal_bytes{instance="held"}', values: "4000000x1499 268500000x60" }
              - { series: 'gatepost_wal_bytes{instance="copied"}', values: "134217728x1559" }
              - { series: 'gatepost_wal_bytes{instance="brief"}', values: "0x1549 268500000 0x9" }
              - { series: 'gatepost_budget_used_ratio{budget="month"}', values: "0.5x1499 0.81x60" }
              - { series: 'gatepost_budget_used_ratio{budget="hour"}', values: "0.79x1559" }
              - { series: 'gatepost_attempts_total{gateway="bad",outcome="accepted"}', values: "0+9x1499 13493+2x59" }
              - { series: 'gatepost_attempts_total{gateway="bad",outcome="retry"}', values: "0+3x1559" }
              - { series: 'gatepost_attempts_total{gateway="good",outcome="accepted"}', values: "0+9x1559" }
              - { series: 'gatepost_attempts_total{gateway="good",outcome="refused"}', values: "0+3x1559" }
              # As ever, dear; as ever, cheap; dear since today; and where nobody was written to before.
              - { series: 'gatepost_spend_micros_total{kind="committed",country="DE"}', values: "0+200000x1559" }
              - { series: 'gatepost_spend_micros_total{kind="committed",country="US"}', values: "0+50000x1559" }
              - { series: 'gatepost_spend_micros_total{kind="committed",country="GB"}', values: "0x1469 0+200000x90" }
              - { series: 'gatepost_spend_micros_total{kind="committed",country="FR"}', values: "_x1469 0+200000x90" }
            promql_expr_test:
              - expr: count by (alertname, instance, channel, gateway, country, budget) (ALERTS{alertstate="firing"})
                eval_time: 1550m
                exp_samples:
                  - { labels: '{alertname="GatepostMessagesWait",channel="sms"}', value: 1 }
                  - { labels: '{alertname="GatepostLogIsHeld",instance="held"}', value: 1 }
                  - { labels: '{alertname="GatepostGatewayFails",gateway="bad"}', value: 1 }
                  - { labels: '{alertname="GatepostCountryCosts",country="FR"}', value: 1 }
                  - { labels: '{alertname="GatepostCountryCosts",country="GB"}', value: 1 }
                  - { labels: '{alertname="GatepostBudgetNearlyUsed",budget="month"}', value: 1 }
              - { expr: 'ALERTS{alertstate="firing"}', eval_time: 1460m, exp_samples: [] }

        """

    @Test("raises the alerts of the handbook where they are due, and not before")
    func raises() async throws {
        try await Installation.make(.sandbox) { post in
            try post.write(try Self.block("groups:"), to: "rules.yml")
            try post.write(Self.day, to: "day.yml")
            let test = try await Promtool.run("test", "rules", post.path("day.yml"))
            #expect(test.code == 0, "\(test.said)")
        }
    }

    @Test("finds every metric that the handbook speaks of, and the handbook speaks of every metric")
    func names() throws {
        let histograms = MetricsTests.contract.filter { $0.value == "histogram" }.keys
        let series = Set(histograms.flatMap { name in ["_bucket", "_sum", "_count"].map { name + $0 } })
        let told = Self.names(in: try Self.handbook()).subtracting(series)
        #expect(told == Set(MetricsTests.contract.keys))
    }
}
