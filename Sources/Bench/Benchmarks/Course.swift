/// An installation with a sink for each worker.
struct Course {
    static let mailWorker = "gatepost-email-worker"
    static let textWorker = "gatepost-sms-worker"

    let mails: Sink<MailHost>
    let texts: Sink<TextHost>
    let office: Office

    /// `isManned`: Whether both workers run from the start.
    init(in workplace: Workplace, isManned: Bool = false) async throws {
        mails = try Sink()
        texts = try Sink()
        office = try await Office(in: workplace, OfficeSettings(mailPort: mails.port, textPort: texts.port))
        guard isManned else { return }
        for worker in [Course.mailWorker, Course.textWorker] { try await office.startWorker(worker) }
    }

    /// How long messages took until they had arrived at the sink.
    struct Passage {
        /// From the sending of the request.
        var times = Histogram()
        /// From its answer, which says that the event is kept; nothing where the message was there first.
        var sinceAccepted = Histogram()
        /// Messages a second.
        var rate = 0.0
    }

    /// Sends events and waits until their messages have arrived.
    func run(
        _ kind: EventRequests.Kind,
        _ pace: LoadPlan.Pace,
        seconds: Double,
        first: Int = 0,
        stop: Stop
    ) async throws -> Passage {
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
        var passage = Passage()
        var last = load.begun
        for (number, sent) in load.sent.enumerated() {
            guard let moment = arrived[first + number] else {
                throw BenchFailure("a message arrived that was never sent")
            }
            passage.times.record(moment - sent)
            if let answered = load.answered[number] { passage.sinceAccepted.record(moment - answered) }
            last = max(last, moment)
        }
        passage.rate = Double(passage.times.count) / (Double(last - load.begun) / 1e9)
        return passage
    }
}
