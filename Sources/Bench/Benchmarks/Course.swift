/// An installation with a sink for each worker.
struct Course {
    static let mailWorker = "gatepost-email-worker"
    static let textWorker = "gatepost-sms-worker"

    let mails: Sink<MailHost>
    let texts: Sink<TextHost>
    let office: Office

    /// `isManned`: Whether both workers run from the start.
    ///
    /// `delay`: Milliseconds after which the sinks say that they have taken a message.
    ///
    /// `connections`: Of each gateway.
    init(
        in workplace: Workplace,
        isManned: Bool = false,
        delay: Int64 = 0,
        tenants: [String] = [],
        connections: Int = BenchRun.connections
    ) async throws {
        mails = try Sink(delay: delay)
        texts = try Sink(delay: delay)
        let settings = OfficeSettings(
            mailPort: mails.port,
            textPort: texts.port,
            tenants: tenants,
            connections: connections
        )
        office = try await Office(in: workplace, settings)
        guard isManned else { return }
        for worker in [Course.mailWorker, Course.textWorker] { try await office.startWorker(worker) }
    }

    /// How long messages took until they had arrived at the sink.
    struct Passage {
        /// From the sending of the request.
        var times = Histogram()
        /// From its answer, which says that the event is kept; nothing where the message was there first.
        var sinceAccepted = Histogram()
        /// The same of those during whose time the host of a virtual machine took none of its processors for others.
        var spared = Histogram()
        /// Messages a second.
        var rate = 0.0

        mutating func add(_ other: Passage) {
            let seconds = time + other.time
            times.add(other.times)
            sinceAccepted.add(other.sinceAccepted)
            spared.add(other.spared)
            rate = seconds > 0 ? Double(times.count) / seconds : 0
        }

        private var time: Double { rate > 0 ? Double(times.count) / rate : 0 }
    }

    /// Sends events and waits until their messages have arrived.
    func run(
        _ kind: EventRequests.Kind,
        _ pace: LoadPlan.Pace,
        seconds: Double,
        first: Int = 0,
        purpose: String = "sign_up",
        tenants: [String] = ["default"],
        stop: Stop
    ) async throws -> Passage {
        var requests = EventRequests(port: office.port, token: office.token, kind: kind, first: first)
        (requests.purpose, requests.tenants) = (purpose, tenants)
        let plan = LoadPlan(port: office.port, pace: pace, seconds: seconds)
        let watch = Task { await StolenTime.watch() }
        defer { watch.cancel() }
        let load = try await LoadGenerator.run(plan, stop: stop, speaker: requests.speaker)
        try load.check()
        let deadline = Moment.now + 60_000_000_000
        let numbers = first..<first + load.sent.count
        while mails.arrivals.count + texts.arrivals.count < load.done
            || !mails.arrivals.have(numbers.filter { !requests.isText($0) })
            || !texts.arrivals.have(numbers.filter { requests.isText($0) })
        {
            try stop.check()
            guard Moment.now < deadline else {
                throw BenchFailure("of \(load.done) messages some did not arrive within a minute")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        let arrived = mails.arrivals.all.merging(texts.arrivals.all) { mail, _ in mail }
        watch.cancel()
        let stolen = await watch.value
        var passage = Passage()
        var last = load.begun
        for (number, sent) in load.sent.enumerated() {
            guard let moment = arrived[first + number] else {
                throw BenchFailure("a message arrived that was never sent")
            }
            passage.times.record(moment - sent)
            if let answered = load.answered[number] {
                passage.sinceAccepted.record(moment - answered)
                if stolen.spared(from: answered, to: moment) { passage.spared.record(moment - answered) }
            }
            last = max(last, moment)
        }
        passage.rate = Double(passage.times.count) / (Double(last - load.begun) / 1e9)
        return passage
    }
}
