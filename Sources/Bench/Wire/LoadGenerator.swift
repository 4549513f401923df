/// Puts a load on a server over kept connections, from one thread.
final class LoadGenerator<Speaking: Speaker> {
    /// How long answers that are still under way are waited for at the end.
    private static var patience: Int64 { 20_000_000_000 }

    private struct Line {
        let socket: Int32
        var speaker: Speaking
        var number = 0
        var since = Moment(nanoseconds: 0)
        var received: [UInt8] = []
        var unsent: [UInt8] = []
        /// Whether the kernel has not taken all of that.
        var isWaiting = false

        init(_ socket: Int32, _ speaker: Speaking) {
            (self.socket, self.speaker) = (socket, speaker)
        }

        mutating func hear() -> Heard { speaker.hear(&received) }
    }

    private let plan: LoadPlan
    private let stop: Stop
    private var poller: Poller
    private var lines: [Line] = []
    private var places: [Int32: Int] = [:]
    private var idle: [Int] = []
    private var result = LoadResult()
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    private init(_ plan: LoadPlan, stop: Stop, speaker: Speaking) throws {
        (self.plan, self.stop) = (plan, stop)
        poller = try Poller()
        for index in 0..<plan.connections {
            let socket = try Sockets.connect(to: plan.port)
            poller.add(socket)
            lines.append(Line(socket, speaker))
            places[socket] = index
            idle.append(index)
        }
    }

    deinit { for line in lines { Sockets.close(line.socket) } }

    /// Runs a load on a thread of its own.
    static func run(_ plan: LoadPlan, stop: Stop, speaker: Speaking) async throws -> LoadResult {
        try await onThread {
            let generator = try LoadGenerator(plan, stop: stop, speaker: speaker)
            return try generator.run()
        }
    }

    private func run() throws -> LoadResult {
        result.begun = .now
        let end = plan.seconds.isFinite ? result.begun + Int64(plan.seconds * 1e9) : Moment(nanoseconds: .max)
        var overSince: Moment?
        while true {
            try stop.check()
            let now = Moment.now
            if now < end, result.sent.count < plan.most {
                try fill(at: now)
            } else if idle.count == lines.count {
                return result
            } else if let overSince {
                guard now - overSince < LoadGenerator.patience else {
                    throw BenchFailure("\(lines.count - idle.count) requests had no answer for 20 s")
                }
            } else {
                overSince = now
            }
            for event in poller.wait(milliseconds: 1) {
                guard let place = places[event.socket] else { continue }
                if event.isWritable { try write(place) }
                if event.isReadable { try read(place) }
            }
        }
    }

    /// Begins what may be begun at this moment.
    private func fill(at now: Moment) throws {
        let allowed: Int
        switch plan.pace {
        case .closed: allowed = idle.count
        case .open(let rate): allowed = Int(Double(now - result.begun) / 1e9 * Double(rate)) + 1 - result.sent.count
        case .window(let most, let arrived): allowed = most - (result.sent.count - arrived())
        }
        for _ in 0..<max(0, min(allowed, idle.count, plan.most - result.sent.count)) {
            // In turn: the server closes what it hears nothing from.
            let place = idle.removeFirst()
            let number = result.sent.count
            lines[place].number = number
            lines[place].unsent = lines[place].speaker.begin(number)
            lines[place].since = .now
            result.sent.append(lines[place].since)
            result.answered.append(nil)
            try write(place)
        }
    }

    private func write(_ place: Int) throws {
        let socket = lines[place].socket
        let wasWaiting = lines[place].isWaiting
        guard Sockets.write(socket, from: &lines[place].unsent) else { throw gone }
        lines[place].isWaiting = !lines[place].unsent.isEmpty
        if wasWaiting != lines[place].isWaiting { poller.watch(socket, isWriting: !wasWaiting) }
    }

    private func read(_ place: Int) throws {
        let socket = lines[place].socket
        switch Sockets.read(socket, into: &lines[place].received, by: &buffer) {
        case .nothingYet: return
        case .ended: throw gone
        case .bytes: break
        }
        while true {
            switch lines[place].hear() {
            case .more: return
            case .say(let bytes):
                lines[place].unsent = bytes
                try write(place)
            case .done: return finish(place, refusal: nil)
            case .refused(let answer): return finish(place, refusal: answer)
            }
        }
    }

    private func finish(_ place: Int, refusal: String?) {
        let now = Moment.now
        result.times.record(now - lines[place].since)
        result.answered[lines[place].number] = now
        result.ended = now
        if let refusal {
            result.refused += 1
            result.firstRefusal = result.firstRefusal ?? refusal
        } else {
            result.done += 1
        }
        idle.append(place)
    }

    private var gone: BenchFailure { BenchFailure("the other side closed a connection under load") }
}
