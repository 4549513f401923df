import Foundation
import JSON

extension BenchRun {
    /// Texts over HTTP, one a request on 64 connections or many on 8, of which each goes on when its answer has come.
    ///
    /// No worker runs: what is accepted stays. The rate counts events, the times are those of requests.
    func measureAccept(_ row: inout BenchRow, batch: Int, seconds: Double) async throws {
        let office = try await Office(in: workplace)
        let requests = EventRequests(port: office.port, token: office.token, kind: .text, batch: batch)
        // The pools of the server are filled, and its code is in memory.
        let warm = LoadPlan(port: office.port, most: 200)
        try await LoadGenerator.run(warm, stop: stop, speaker: requests.speaker).check()
        var measured = requests
        measured.first = 200 * batch
        let cost = try await ServerCost(of: office)
        let log = LogWatch(database: office.database)
        let plan = LoadPlan(port: office.port, connections: batch == 1 ? BenchRun.connections : 8, seconds: seconds)
        let load = try await LoadGenerator.run(plan, stop: stop, speaker: measured.speaker)
        try load.check()
        (row.rate, row.times) = (load.rate * Double(batch), load.times)
        try await cost.add(to: &row, events: load.done * batch, at: office)
        row.notes.append(("wal_max_mb", .number((Double(await log.end()) / 104_857.6).rounded() / 10)))
        if batch > 1 { row.notes.append(("events_per_request", .integer(Int64(batch)))) }
        try await office.remove()
    }
}

/// Looks at the size of a write-ahead log ten times a second.
private struct LogWatch {
    private let watch: Task<Int64, Never>

    init(database: String) {
        watch = Task {
            var most: Int64 = 0
            repeat {
                let facts = try? FileManager.default.attributesOfItem(atPath: database + "-wal")
                most = max(most, (facts?[.size] as? NSNumber)?.int64Value ?? 0)
                // Cancelled means that the load is over.
                _ = try? await Task.sleep(for: .milliseconds(100))
            } while !Task.isCancelled
            return most
        }
    }

    /// The largest that it was; bytes.
    func end() async -> Int64 {
        watch.cancel()
        return await watch.value
    }
}
