import JSON

extension BenchRun {
    /// Accepts so many messages in batches.
    func fill(_ office: Office, _ kind: EventRequests.Kind, _ count: Int) async throws {
        let requests = EventRequests(port: office.port, token: office.token, kind: kind, batch: 100)
        let plan = LoadPlan(port: office.port, connections: 8, most: (count + 99) / 100)
        try await LoadGenerator.run(plan, stop: stop, speaker: requests.speaker).check()
    }

    /// Texts from claim to outcome, with no gateway in between: four carriers claim a hundred, begin them and settle them.
    ///
    /// The rate counts deliveries, the times are those of such a round.
    func measureLifecycle(_ row: inout BenchRow) async throws {
        let office = try await Office(in: workplace)
        try await fill(office, .text, Int(seconds * 8000))
        let cost = try await ServerCost(of: office)
        let (link, stop) = (office.link, stop)
        let begun = Moment.now
        let end = begun + Int64(seconds * 1e9)
        var times = Histogram()
        var count = 0
        try await withThrowingTaskGroup(of: (Histogram, Int).self) { group in
            for number in 1...4 {
                group.addTask {
                    let carrier = BenchCarrier(link: link, name: "bench-\(number)")
                    var (times, count) = (Histogram(), 0)
                    while Moment.now < end {
                        try stop.check()
                        let since = Moment.now
                        let claims = try await carrier.claim()
                        guard !claims.isEmpty else { break }
                        try await carrier.finish(claims)
                        times.record(Moment.now - since)
                        count += claims.count
                    }
                    return (times, count)
                }
            }
            for try await (part, number) in group {
                times.add(part)
                count += number
            }
        }
        (row.times, row.rate) = (times, Double(count) / (Double(Moment.now - begun) / 1e9))
        try await cost.add(to: &row, events: count, at: office)
        row.notes.append(("deliveries_per_round", .integer(Int64(BenchCarrier.most))))
        try await office.remove()
    }
}
