import JSON

extension BenchRun {
    /// The rows of an accepted text in a bare loop, so many texts a transaction; the rate counts texts, the times are those
    /// of a transaction.
    func measureSQLite(_ row: inout BenchRow, events: Int) async throws {
        let office = try await Office(in: workplace)
        let requests = EventRequests(port: office.port, token: office.token, kind: .text)
        let plan = LoadPlan(port: office.port, connections: 1, most: 1)
        try await LoadGenerator.run(plan, stop: stop, speaker: requests.speaker).check()
        try await office.stop()
        let (database, seconds, stop) = (office.database, seconds, stop)
        let (times, rate) = try await onThread {
            var rows = try BareRows(database: database)
            var times = Histogram()
            let begun = Moment.now
            var now = begun
            while now < begun + Int64(seconds * 1e9) {
                try stop.check()
                let since = Moment.now
                try rows.write(events: events)
                now = .now
                times.record(now - since)
                try rows.copyBack()
            }
            return (times, Double(times.count * events) / (Double(Moment.now - begun) / 1e9))
        }
        (row.times, row.rate) = (times, rate)
        row.notes.append(("events_per_transaction", .integer(Int64(events))))
        try await office.remove()
    }
}
