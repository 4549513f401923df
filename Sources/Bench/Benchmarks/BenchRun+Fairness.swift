import JSON

extension BenchRun {
    /// Who is to be as quick as if nobody else were there.
    enum Favoured: Sendable {
        /// 63 tenants, while a million mails of another one wait.
        case tenants
        /// Second factors, while a hundred thousand sign-ups of the same tenant wait.
        case factors
    }

    /// Milliseconds after which the gateway says that it has taken a mail.
    private static let delay: Int64 = 50
    /// Mails a second that are measured.
    private static let rate = 100
    /// The index of the first of them.
    private static let first = 1_000_000
    /// More than the gateway takes meanwhile in a second.
    private static let taken = 2000

    /// From acceptance to hand-over, over a gateway all of whose connections are busy with the mails of others; beside it the
    /// same with nobody else there.
    ///
    /// Of a million that wait those that may have their turn came in over HTTP, and the rest is filled in by SQL.
    func measureFairness(_ row: inout BenchRow, _ favoured: Favoured) async throws {
        let idle = try await favouredPassage(favoured, among: 0)
        let waiting = favoured == .tenants ? 1_000_000 : 100_000
        let passage = try await favouredPassage(favoured, among: waiting)
        (row.rate, row.times) = (passage.rate, passage.sinceAccepted)
        let alone = BenchRow("idle", times: idle.sinceAccepted).json
        for name in ["p50_ms", "p99_ms", "p999_ms", "max_ms"] {
            row.notes.append(("idle_\(name)", alone[name] ?? .null))
        }
        row.notes.append(("waiting", .integer(Int64(waiting))))
        row.notes.append(("gateway_ms", .integer(BenchRun.delay)))
    }

    private func favouredPassage(_ favoured: Favoured, among waiting: Int) async throws -> Course.Passage {
        let tenants = favoured == .tenants ? (1...63).map { "t\($0)" } : []
        let course = try await Course(in: workplace, delay: BenchRun.delay, tenants: tenants)
        if waiting > 0 {
            let sent = favoured == .tenants ? min(waiting, (Int(seconds) + 5) * BenchRun.taken) : waiting
            try await fill(course.office, .mail, sent)
            if sent < waiting {
                try await course.office.stop()
                let (database, stop) = (course.office.database, stop)
                try await onThread {
                    var backlog = try Backlog(database: database, stop: stop)
                    try backlog.fill(ready: waiting - sent, delayed: 0, parked: 0)
                }
                try await course.office.startServer()
            }
        }
        try await course.office.startWorker(Course.mailWorker)
        // What is done the first time only: connections, caches.
        let warm = try await course.run(
            .mail,
            .open(perSecond: BenchRun.rate),
            seconds: 1,
            first: BenchRun.first,
            purpose: favoured == .factors ? "mfa" : "sign_up",
            tenants: tenants.isEmpty ? ["default"] : tenants,
            stop: stop
        )
        let passage = try await course.run(
            .mail,
            .open(perSecond: BenchRun.rate),
            seconds: max(seconds, 2),
            first: BenchRun.first + warm.times.count,
            purpose: favoured == .factors ? "mfa" : "sign_up",
            tenants: tenants.isEmpty ? ["default"] : tenants,
            stop: stop
        )
        guard waiting == 0 || course.mails.arrivals.count < waiting else {
            throw BenchFailure("all that was to wait had its turn")
        }
        try await course.office.remove()
        return passage
    }
}
