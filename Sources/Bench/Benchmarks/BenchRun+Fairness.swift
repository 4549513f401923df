import JSON

extension BenchRun {
    /// Who is to be as quick as if nobody else were there.
    enum Favoured: Sendable {
        /// 63 tenants, while a million mails of another one wait.
        case tenants
        /// Second factors, while a hundred thousand sign-ups of the same tenant wait.
        case factors
        /// The same by SMS, whose worker is another.
        case texts

        fileprivate var isText: Bool { self == .texts }
    }

    /// Mails a second that are measured.
    private static let rate = 100
    /// The index of the first of them.
    private static let first = 1_000_000
    /// More than the gateway takes meanwhile in a second: with a delay 64 connections carry 1,280.
    private static func taken(delay: Int64) -> Int { delay > 0 ? 2000 : 8000 }

    /// From acceptance to hand-over, over a gateway all of whose connections are busy with the mails of others; beside it the
    /// same with nobody else there.
    ///
    /// Of a million that wait those that may have their turn came in over HTTP, and the rest is filled in by SQL.
    ///
    /// `delay`: Milliseconds after which the gateway says that it has taken a mail.
    func measureFairness(_ row: inout BenchRow, _ favoured: Favoured, delay: Int64) async throws {
        let (idle, _) = try await favouredPassage(favoured, among: 0, delay: delay)
        let waiting = favoured == .tenants ? 1_000_000 : 100_000
        let (passage, othersRate) = try await favouredPassage(favoured, among: waiting, delay: delay)
        (row.rate, row.times) = (passage.rate, passage.sinceAccepted)
        row.note(idle.sinceAccepted, as: "idle")
        row.note(passage.spared, as: "spared")
        row.note(idle.spared, as: "idle_spared")
        row.notes.append(("waiting", .integer(Int64(waiting))))
        row.notes.append(("gateway_ms", .integer(delay)))
        row.notes.append(("others_rate", .integer(Int64(othersRate))))
    }

    /// How long theirs took, and how many mails of the others went out in a second beside them.
    private func favouredPassage(
        _ favoured: Favoured,
        among waiting: Int,
        delay: Int64
    ) async throws -> (Course.Passage, othersRate: Double) {
        let tenants = favoured == .tenants ? (1...63).map { "t\($0)" } : []
        let course = try await Course(in: workplace, delay: delay, tenants: tenants)
        if waiting > 0 {
            let sent = favoured == .tenants ? min(waiting, (Int(seconds) + 5) * BenchRun.taken(delay: delay)) : waiting
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
        if favoured.isText { try await course.office.startWorker(Course.textWorker) }
        // What is done the first time only: connections, caches.
        let warm = try await course.run(
            favoured.isText ? .text : .mail,
            .open(perSecond: BenchRun.rate),
            seconds: 1,
            first: BenchRun.first,
            purpose: favoured == .tenants ? "sign_up" : "mfa",
            tenants: tenants.isEmpty ? ["default"] : tenants,
            stop: stop
        )
        let (before, begun) = (course.mails.arrivals.count, Moment.now)
        let passage = try await course.run(
            favoured.isText ? .text : .mail,
            .open(perSecond: BenchRun.rate),
            seconds: max(seconds, 2),
            first: BenchRun.first + warm.times.count,
            purpose: favoured == .tenants ? "sign_up" : "mfa",
            tenants: tenants.isEmpty ? ["default"] : tenants,
            stop: stop
        )
        let others = course.mails.arrivals.count - before - (favoured.isText ? 0 : passage.times.count)
        let othersRate = Double(others) / (Double(Moment.now - begun) / 1e9)
        guard waiting == 0 || course.mails.arrivals.count < waiting else {
            throw BenchFailure("all that was to wait had its turn")
        }
        try await course.office.remove()
        return (passage, othersRate)
    }
}
