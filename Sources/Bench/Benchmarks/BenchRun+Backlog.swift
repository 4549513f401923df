import JSON

extension BenchRun {
    /// Texts that are really claimed; they are older than the rest, so they come first.
    private static let claimed = 5000
    /// A second of housekeeping with nothing to do looks at fewer pages.
    private static let quietPages = 4000.0
    /// Nanoseconds.
    private static let patience: Int64 = 600_000_000_000

    /// Claims of a hundred while very many wait: so many that are due, 100,000 parked and a million that are due later.
    ///
    /// Those that wait are filled in by SQL, with as much of them as a look at the queue touches. The rate counts deliveries,
    /// the times are those of claims, and the pages are those of one claim.
    func measureBacklog(_ row: inout BenchRow, ready: Int) async throws {
        let office = try await Office(in: workplace)
        try await fill(office, .text, BenchRun.claimed)
        // Mails that wait until their channel goes on: so they stay parked.
        _ = try await office.call("POST", "/v1/queues/email/pause")
        try await office.stop()
        let (database, stop) = (office.database, stop)
        try await onThread {
            var backlog = try Backlog(database: database, stop: stop)
            try backlog.fill(ready: ready, delayed: 1_000_000, parked: 100_000)
        }
        let before = Moment.now
        try await office.startServer()
        row.notes.append(("start_ms", .integer((Moment.now - before) / 1_000_000)))
        row.notes.append(("filled_by", "sql"))
        row.notes.append(("quiet_after_ms", .integer(try await quiet(office))))
        let carrier = BenchCarrier(link: office.link, name: "bench")
        var times = Histogram()
        var (count, pages) = (0, 0.0)
        let begun = Moment.now
        while times.count < BenchRun.claimed / BenchCarrier.most {
            try stop.check()
            let read = try await office.metric("gatepost_store_page_reads_total")
            let since = Moment.now
            let claims = try await carrier.claim()
            times.record(Moment.now - since)
            pages += try await office.metric("gatepost_store_page_reads_total") - read
            count += claims.count
            try await carrier.finish(claims)
        }
        guard count == BenchRun.claimed else {
            throw BenchFailure("\(count) of \(BenchRun.claimed) texts were claimed")
        }
        (row.times, row.rate) = (times, Double(count) / (Double(Moment.now - begun) / 1e9))
        row.pageReads = pages / Double(times.count)
        row.memory = Double(try ProcessFigures(of: office.processID(of: "gatepost-server")).memory) / 1_048_576
        row.notes.append(("deliveries_per_claim", .integer(Int64(BenchCarrier.most))))
        try await office.remove()
    }

    /// Waits until the server has looked through what it found at its start, which it does beside all else; returns for how
    /// many milliseconds.
    private func quiet(_ office: Office) async throws -> Int64 {
        let since = Moment.now
        var pages = try await office.metric("gatepost_store_page_reads_total")
        while Moment.now - since < BenchRun.patience {
            try stop.check()
            try await Task.sleep(for: .seconds(1))
            let now = try await office.metric("gatepost_store_page_reads_total")
            if now - pages < BenchRun.quietPages { return (Moment.now - since) / 1_000_000 }
            pages = now
        }
        throw BenchFailure("the server was still looking through the backlog after ten minutes")
    }
}
