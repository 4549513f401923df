import JSON

extension BenchRun {
    /// Messages that may be on their way at once while their rate is measured.
    private static let window = 256

    /// Events in, messages out at a sink, through the real worker: 256 are on their way at any time, from the sending of
    /// their request until they have arrived.
    func measureHandOver(_ row: inout BenchRow, _ kind: EventRequests.Kind) async throws {
        let course = try await Course(in: workplace)
        let arrivals = kind == .mail ? course.mails.arrivals : course.texts.arrivals
        let cost = try await ServerCost(of: course.office)
        let pace = LoadPlan.Pace.window(BenchRun.window, arrived: { arrivals.count })
        let run = try await course.run(kind, pace, seconds: seconds, stop: stop)
        (row.rate, row.times) = (run.rate, run.times)
        try await cost.add(to: &row, events: run.times.count, at: course.office)
        row.notes.append(("on_their_way", .integer(Int64(BenchRun.window))))
        try await course.office.remove()
    }

    /// From the sending of the request to the arrival at the sink, of mails and texts in turn that come at a steady rate.
    func measureLatency(_ row: inout BenchRow, perSecond: Int) async throws {
        let course = try await Course(in: workplace)
        // What is done the first time only: connections, caches.
        let warm = try await course.run(.both, .open(perSecond: 50), seconds: 1, stop: stop)
        let run = try await course.run(
            .both,
            .open(perSecond: perSecond),
            seconds: max(seconds, 2),
            first: warm.times.count,
            stop: stop
        )
        (row.rate, row.times) = (run.rate, run.times)
        try await course.office.remove()
    }

    /// The highest memory of each program while mails and texts went through.
    func measureMemory(_ row: inout BenchRow) async throws {
        let course = try await Course(in: workplace)
        let count: @Sendable () -> Int = { [mails = course.mails.arrivals, texts = course.texts.arrivals] in
            mails.count + texts.count
        }
        _ = try await course.run(.both, .window(BenchRun.window, arrived: count), seconds: seconds, stop: stop)
        var sum: Int64 = 0
        for name in ["gatepost-server", "gatepost-email-worker", "gatepost-sms-worker"] {
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

/// An installation with both workers, and a sink for each.
private struct Course {
    let mails: Sink<MailHost>
    let texts: Sink<TextHost>
    let office: Office

    init(in workplace: Workplace) async throws {
        mails = try Sink()
        texts = try Sink()
        office = try await Office(in: workplace, OfficeSettings(mailPort: mails.port, textPort: texts.port))
        try await office.startWorkers()
    }

    /// Sends events and waits until their messages have arrived.
    func run(
        _ kind: EventRequests.Kind,
        _ pace: LoadPlan.Pace,
        seconds: Double,
        first: Int = 0,
        stop: Stop
    ) async throws -> (times: Histogram, rate: Double) {
        let requests = EventRequests(port: office.port, token: office.token, kind: kind, first: first)
        let plan = LoadPlan(port: office.port, pace: pace, seconds: seconds)
        let load = try await LoadGenerator.run(plan, stop: stop, speaker: requests.speaker)
        try load.check()
        let deadline = Moment.now + 60_000_000_000
        while mails.arrivals.count + texts.arrivals.count < first + load.done {
            try stop.check()
            guard Moment.now < deadline else {
                let missing = first + load.done - mails.arrivals.count - texts.arrivals.count
                throw BenchFailure("\(missing) of \(load.done) messages did not arrive within a minute")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        let arrived = mails.arrivals.all.merging(texts.arrivals.all) { mail, _ in mail }
        var times = Histogram()
        var last = load.begun
        for (number, sent) in load.sent.enumerated() {
            guard let moment = arrived[first + number] else {
                throw BenchFailure("a message arrived that was never sent")
            }
            times.record(moment - sent)
            last = max(last, moment)
        }
        return (times, Double(times.count) / (Double(last - load.begun) / 1e9))
    }
}
