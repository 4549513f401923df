import JSON

extension BenchRun {
    /// Messages that may be on their way at once while their rate is measured.
    private static let window = 256

    /// Messages a second for which a drained queue is filled, and the most that it is filled with.
    private static let drained = 6000
    private static let mostDrained = 40_000
    /// Connections of a wide gateway: what six thousand messages a second need of which each takes 40 ms.
    static let wide = 256

    /// Messages from a queue that was filled while no worker ran to the sink, through the real worker: from the first that
    /// arrives to the last, or as long as a row lasts.
    ///
    /// The times are those in which a hundred arrived.
    func measureDrain(
        _ row: inout BenchRow,
        _ kind: EventRequests.Kind,
        connections: Int = BenchRun.connections
    ) async throws {
        let course = try await Course(in: workplace, connections: connections)
        let arrivals = kind == .mail ? course.mails.arrivals : course.texts.arrivals
        let worker = kind == .mail ? Course.mailWorker : Course.textWorker
        let waiting = min(Int(seconds) * BenchRun.drained, BenchRun.mostDrained)
        try await fill(course.office, kind, waiting)
        let cost = try await ServerCost(of: course.office)
        try await course.office.startWorker(worker)
        let deadline = Moment.now + 60_000_000_000
        while arrivals.count == 0 {
            try stop.check()
            guard Moment.now < deadline else { throw BenchFailure("no message arrived within a minute") }
            try await Task.sleep(for: .milliseconds(1))
        }
        let end = Moment.now + Int64(seconds * 1e9)
        while arrivals.count < waiting, Moment.now < end {
            try stop.check()
            try await Task.sleep(for: .milliseconds(2))
        }
        let moments = arrivals.all.values.sorted()
        guard let first = moments.first, let last = moments.last, last > first else {
            throw BenchFailure("no more than one message arrived within \(Int(seconds)) s")
        }
        row.rate = Double(moments.count - 1) / (Double(last - first) / 1e9)
        var times = Histogram()
        for place in stride(from: 100, to: moments.count, by: 100) {
            times.record(moments[place] - moments[place - 100])
        }
        row.times = times
        try await cost.add(to: &row, events: moments.count, at: course.office)
        let figures = try ProcessFigures(of: course.office.processID(of: worker))
        row.notes.append(
            ("worker_cpu_us", .number((figures.processorTime * 1e6 / Double(moments.count)).rounded()))
        )
        row.notes.append(("worker_mb", .number((Double(figures.memory) / 104_857.6).rounded() / 10)))
        row.notes.append(("messages", .integer(Int64(moments.count))))
        try await course.office.remove()
    }

    /// Events in, messages out at a sink, through the real worker: 256 are on their way at any time, from the sending of
    /// their request until they have arrived.
    func measureThrough(_ row: inout BenchRow, _ kind: EventRequests.Kind) async throws {
        let course = try await Course(in: workplace, isManned: true)
        let arrivals = kind == .mail ? course.mails.arrivals : course.texts.arrivals
        let cost = try await ServerCost(of: course.office)
        let pace = LoadPlan.Pace.window(BenchRun.window, arrived: { arrivals.count })
        let run = try await course.run(kind, pace, seconds: seconds, stop: stop)
        (row.rate, row.times) = (run.rate, run.times)
        try await cost.add(to: &row, events: run.times.count, at: course.office)
        row.notes.append(("on_their_way", .integer(Int64(BenchRun.window))))
        try await course.office.remove()
    }

    /// From the answer that says that an event is accepted to the arrival of its message at the sink, of mails and texts in
    /// turn that come at a steady rate; beside it from the sending of the request.
    func measureLatency(_ row: inout BenchRow, perSecond: Int) async throws {
        let course = try await Course(in: workplace, isManned: true)
        // What is done the first time only: connections, caches.
        let warm = try await course.run(.both, .open(perSecond: 50), seconds: 1, stop: stop)
        let run = try await course.run(
            .both,
            .open(perSecond: perSecond),
            seconds: max(seconds, 2),
            first: warm.times.count,
            stop: stop
        )
        (row.rate, row.times) = (run.rate, run.sinceAccepted)
        row.note(run.times, as: "request")
        row.note(run.spared, as: "spared")
        try await course.office.remove()
    }

    /// The highest memory of each program while mails and texts went through.
    func measureMemory(_ row: inout BenchRow) async throws {
        let course = try await Course(in: workplace, isManned: true)
        let count: @Sendable () -> Int = { [mails = course.mails.arrivals, texts = course.texts.arrivals] in
            mails.count + texts.count
        }
        _ = try await course.run(.both, .window(BenchRun.window, arrived: count), seconds: seconds, stop: stop)
        var sum: Int64 = 0
        for name in ["gatepost-server", Course.mailWorker, Course.textWorker] {
            let bytes = try ProcessFigures(of: course.office.processID(of: name)).mostMemory
            row.notes.append(
                (name.replacing("-", with: "_") + "_mb", .number((Double(bytes) / 104_857.6).rounded() / 10))
            )
            sum += bytes
        }
        row.memory = Double(sum) / 1_048_576
        try await course.office.remove()
    }
}
