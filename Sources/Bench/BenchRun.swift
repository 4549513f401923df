package import JSON

/// Runs benchmarks one after the other, each on an installation of its own.
package actor BenchRun {
    /// How long each row is measured, in seconds, and the bounds of what may be asked for.
    package static let seconds = 5
    package static let secondsBounds = 1...600
    /// How long the sustained load lasts, in seconds.
    static let sustained = 60.0
    /// Connections of a load of single requests, and so the most requests that can share a commit; and of a gateway, where
    /// nothing else is said.
    static let connections = 64

    let workplace: Workplace
    let seconds: Double
    private let selected: [Benchmark]
    private let tell: @Sendable (String, Int, Int) -> Void
    /// Rates of raw rows, measured once.
    private var limits: [Benchmark: Double] = [:]

    var stop: Stop { workplace.stop }

    /// `tell`: Called before each row with its name, how many are done, and of how many.
    package init(
        _ selected: [Benchmark],
        in workplace: Workplace,
        seconds: Int,
        tell: @escaping @Sendable (String, Int, Int) -> Void = { _, _, _ in }
    ) {
        (self.selected, self.workplace, self.tell) = (selected, workplace, tell)
        self.seconds = Double(seconds)
    }

    package func rows() async throws -> [BenchRow] {
        var rows: [BenchRow] = []
        for (done, benchmark) in selected.enumerated() {
            try stop.check()
            tell(benchmark.rawValue, done, selected.count)
            let before = ProcessorShares()
            var row = try await measure(benchmark)
            row.notes.append(("steal_percent", .number(ProcessorShares().stolenPercent(since: before))))
            if let limit = benchmark.limit {
                if limits[limit] == nil { _ = try await measure(limit) }
                (row.limit, row.limitName) = (limits[limit], limit.rawValue)
            }
            rows.append(row)
        }
        return rows
    }

    private func measure(_ benchmark: Benchmark) async throws -> BenchRow {
        var row = BenchRow(benchmark.rawValue)
        switch benchmark {
        case .rawSync: try await measureSync(&row)
        case .rawSQLite: try await measureSQLite(&row, events: 1)
        case .rawSQLiteBatch: try await measureSQLite(&row, events: BenchRun.connections)
        case .rawHTTP: try await measureHTTP(&row)
        case .rawMailSink: try await measureMailSink(&row)
        case .rawTextSink: try await measureTextSink(&row)
        case .accept: try await measureAccept(&row, batch: 1, seconds: seconds)
        case .acceptBatch: try await measureAccept(&row, batch: 100, seconds: seconds)
        case .acceptSustained: try await measureAccept(&row, batch: 1, seconds: BenchRun.sustained)
        case .lifecycle: try await measureLifecycle(&row)
        case .mail: try await measureDrain(&row, .mail)
        case .text: try await measureDrain(&row, .text)
        case .mailWide: try await measureDrain(&row, .mail, connections: BenchRun.wide)
        case .textWide: try await measureDrain(&row, .text, connections: BenchRun.wide)
        case .mailThrough: try await measureThrough(&row, .mail)
        case .textThrough: try await measureThrough(&row, .text)
        case .idle: try await measureLatency(&row, perSecond: 20)
        case .fiveHundred: try await measureLatency(&row, perSecond: 500)
        case .fairTenants: try await measureFairness(&row, .tenants, delay: 50)
        case .fairFactors: try await measureFairness(&row, .factors, delay: 50)
        case .fairTenantsAtOnce: try await measureFairness(&row, .tenants, delay: 0)
        case .fairFactorsAtOnce: try await measureFairness(&row, .factors, delay: 0)
        case .fairTextsAtOnce: try await measureFairness(&row, .texts, delay: 0)
        case .backlogSmall: try await measureBacklog(&row, ready: 10_000)
        case .backlogMiddle: try await measureBacklog(&row, ready: 1_000_000)
        case .backlogLarge: try await measureBacklog(&row, ready: 10_000_000)
        case .memory: try await measureMemory(&row)
        }
        if let rate = row.rate { limits[benchmark] = rate }
        return row
    }

    /// What `gatepost bench --json` prints.
    package static func json(machine: JSONValue, _ rows: [BenchRow]) -> JSONValue {
        ["machine": machine, "rows": .array(rows.map(\.json))]
    }
}
