import JSON

/// What a piece of work cost the server, from one moment to another.
struct ServerCost {
    private let written: Int64
    private let pages: Double
    private let batches: Double
    private let requests: Double
    private let processorTime: Double

    init(of office: Office) async throws {
        let figures = try ProcessFigures(of: office.processID(of: "gatepost-server"))
        (written, processorTime) = (figures.written, figures.processorTime)
        pages = try await office.metric("gatepost_store_page_reads_total")
        batches = try await office.metric("gatepost_store_batch_size_count")
        requests = try await office.metric("gatepost_store_batch_size_sum")
    }

    /// Adds what was used since then, for each of so many events.
    func add(to row: inout BenchRow, events: Int, at office: Office) async throws {
        let now = try await ServerCost(of: office)
        guard events > 0 else { return }
        row.bytesPerEvent = Double(now.written - written) / Double(events)
        row.pageReads = (now.pages - pages) / Double(events)
        row.memory = Double(try ProcessFigures(of: office.processID(of: "gatepost-server")).memory) / 1_048_576
        if now.batches > batches {
            row.notes.append(
                (
                    "requests_per_commit",
                    .number(((now.requests - requests) / (now.batches - batches) * 10).rounded() / 10)
                )
            )
        }
        let microseconds = (now.processorTime - processorTime) * 1e6 / Double(events)
        row.notes.append(("server_cpu_us", .number(microseconds.rounded())))
    }
}
