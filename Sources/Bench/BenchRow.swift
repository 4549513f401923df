package import JSON

/// What one benchmark found.
package struct BenchRow: Sendable {
    package var name: String
    /// What was counted, in a second.
    package var rate: Double?
    package var times: Histogram?
    /// The rate of the raw row beside it, measured in the same run.
    package var limit: Double?
    /// Which row that is.
    package var limitName: String?
    /// Pages of the database that the writer looked at for each.
    package var pageReads: Double?
    /// What the server wrote to the disk for each.
    package var bytesPerEvent: Double?
    /// Resident memory of the programs, in 1024 × 1024 bytes.
    package var memory: Double?
    /// What there is to say beside: what was filled by SQL, how large the log became.
    package var notes: [(name: String, value: JSONValue)] = []

    package init(_ name: String, times: Histogram? = nil) {
        (self.name, self.times) = (name, times)
    }

    /// Adds other times, each member with this name before it, and how many they are.
    mutating func note(_ times: Histogram, as name: String) {
        let members = BenchRow(name, times: times).json
        for time in ["p50_ms", "p99_ms", "p999_ms", "max_ms"] {
            notes.append(("\(name)_\(time)", members[time] ?? .null))
        }
        notes.append(("\(name)_messages", .integer(Int64(times.count))))
    }

    /// A row of the contract's shape; what was not measured is null.
    package var json: JSONValue {
        var members: JSONObject = [
            "name": .string(name), "rate": number(rate, decimals: 1), "p50_ms": milliseconds(0.5),
            "p99_ms": milliseconds(0.99), "p999_ms": milliseconds(0.999),
            "max_ms": number(times.flatMap { $0.count > 0 ? Double($0.maximum) / 1e6 : nil }, decimals: 4),
            "limit": number(limit, decimals: 1), "page_reads": number(pageReads, decimals: 1),
            "bytes_per_event": number(bytesPerEvent, decimals: 0), "rss_mb": number(memory, decimals: 1),
        ]
        members["limit_by"] = limitName.map(JSONValue.string)
        for note in notes { members[note.name] = note.value }
        return .object(members)
    }

    private func milliseconds(_ share: Double) -> JSONValue {
        number(times?.percentile(share).map { Double($0) / 1e6 }, decimals: 4)
    }

    private func number(_ value: Double?, decimals: Int) -> JSONValue {
        guard let value, value.isFinite else { return nil }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        return .number((value * scale).rounded() / scale)
    }

    /// The cells of a line of the table under ``head``.
    package var cells: [String] {
        let members = json
        func cell(_ name: String) -> String {
            members[name]?.double.map { text($0, decimals: name == "rate" || name == "limit" ? 0 : 1) } ?? "-"
        }
        let times = ["p50_ms", "p99_ms", "p999_ms", "max_ms"].map { name in
            members[name]?.double.map { text($0, decimals: 2) } ?? "-"
        }
        let limit = cell("limit")
        return [name, cell("rate")] + times + [limit, limitName ?? "-"]
            + [
                cell("page_reads"), members["bytes_per_event"]?.double.map { text($0, decimals: 0) } ?? "-",
                cell("rss_mb"),
            ]
    }

    package static let head = [
        "name", "rate/s", "p50 ms", "p99 ms", "p99.9 ms", "max ms", "limit/s", "limit by", "pages", "bytes", "RSS MB",
    ]
    /// The columns of ``head`` that are numbers.
    package static let numbers: Set<Int> = [1, 2, 3, 4, 5, 6, 8, 9, 10]
}

/// A number without an exponent.
private func text(_ value: Double, decimals: Int) -> String {
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = Int((value * Double(scale)).rounded())
    guard decimals > 0 else { return String(scaled) }
    let rest = String(scaled % scale)
    return "\(scaled / scale)." + String(repeating: "0", count: decimals - rest.count) + rest
}
