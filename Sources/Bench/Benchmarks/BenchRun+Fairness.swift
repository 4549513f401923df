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

    /// How often those who are alone and those behind others take turns at the most: what the machine does meanwhile meets both.
    private static let turns = 6
    /// How long a turn is at the least, in seconds.
    private static let shortest = 2.5

    /// From acceptance to hand-over, over a gateway all of whose connections are busy with the mails of others; in turns with it
    /// the same with nobody else there.
    ///
    /// Of a million that wait those that may have their turn came in over HTTP, and the rest is filled in by SQL.
    ///
    /// `delay`: Milliseconds after which the gateway says that it has taken a mail.
    func measureFairness(_ row: inout BenchRow, _ favoured: Favoured, delay: Int64) async throws {
        let waiting = favoured == .tenants ? 1_000_000 : 100_000
        var scenes = [
            try await Scene(favoured, in: self, among: 0, delay: delay),
            try await Scene(favoured, in: self, among: waiting, delay: delay),
        ]
        let turns = min(max(Int(seconds / BenchRun.shortest), 1), BenchRun.turns)
        let length = max(seconds / Double(turns), 2)
        for turn in 0..<turns {
            // Neither always comes first.
            for number in turn % 2 == 0 ? [0, 1] : [1, 0] { try await scenes[number].play(seconds: length, stop: stop) }
        }
        for scene in scenes { try await scene.course.office.remove() }
        let (idle, behind) = (scenes[0].passage, scenes[1].passage)
        (row.rate, row.times) = (behind.rate, behind.sinceAccepted)
        row.note(idle.sinceAccepted, as: "idle")
        row.note(behind.spared, as: "spared")
        row.note(idle.spared, as: "idle_spared")
        row.notes.append(("waiting", .integer(Int64(waiting))))
        row.notes.append(("gateway_ms", .integer(delay)))
        row.notes.append(("others_rate", .integer(Int64(scenes[1].othersRate))))
    }

    /// An installation in which the favoured are measured, with or without others.
    private struct Scene {
        let course: Course
        private let favoured: Favoured
        private let tenants: [String]
        private let waiting: Int
        private var next = BenchRun.first
        private var others = 0
        private var othersSeconds = 0.0
        private(set) var passage = Course.Passage()

        init(_ favoured: Favoured, in run: isolated BenchRun, among waiting: Int, delay: Int64) async throws {
            (self.favoured, self.waiting) = (favoured, waiting)
            tenants = favoured == .tenants ? (1...63).map { "t\($0)" } : []
            course = try await Course(in: run.workplace, delay: delay, tenants: tenants)
            guard waiting > 0 else { return }
            // Each turn has a second before it.
            let most = (Int(run.seconds) + 2 * BenchRun.turns + 5) * BenchRun.taken(delay: delay)
            let sent = favoured == .tenants ? min(waiting, most) : waiting
            try await run.fill(course.office, .mail, sent)
            guard sent < waiting else { return }
            try await course.office.stop()
            let (database, stop) = (course.office.database, run.stop)
            try await onThread {
                var backlog = try Backlog(database: database, stop: stop)
                try backlog.fill(ready: waiting - sent, delayed: 0, parked: 0)
            }
            try await course.office.startServer()
        }

        /// How many mails of the others went out in a second meanwhile.
        var othersRate: Double { othersSeconds > 0 ? Double(others) / othersSeconds : 0 }

        /// Measures for so long, with workers that are stopped afterwards.
        mutating func play(seconds: Double, stop: Stop) async throws {
            try await course.office.startWorker(Course.mailWorker)
            if favoured.isText { try await course.office.startWorker(Course.textWorker) }
            // What is done the first time only: connections, caches.
            _ = try await send(seconds: 1, stop: stop)
            let (before, begun) = (course.mails.arrivals.count, Moment.now)
            let sent = try await send(seconds: seconds, stop: stop)
            others += course.mails.arrivals.count - before - (favoured.isText ? 0 : sent.times.count)
            othersSeconds += Double(Moment.now - begun) / 1e9
            passage.add(sent)
            guard waiting == 0 || course.mails.arrivals.count < waiting else {
                throw BenchFailure("all that was to wait had its turn")
            }
            try await course.office.stopWorkers()
        }

        private mutating func send(seconds: Double, stop: Stop) async throws -> Course.Passage {
            let passage = try await course.run(
                favoured.isText ? .text : .mail,
                .open(perSecond: BenchRun.rate),
                seconds: seconds,
                first: next,
                purpose: favoured == .tenants ? "sign_up" : "mfa",
                tenants: tenants.isEmpty ? ["default"] : tenants,
                stop: stop
            )
            next += passage.times.count
            return passage
        }
    }
}
