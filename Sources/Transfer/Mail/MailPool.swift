internal import CCurl

/// The mail connections of a loop: which are under way, and which are idle and for whom.
@safe final class MailPool {
    private let multi: UnsafeMutableRawPointer
    private let keptConnections: Int
    private var connections: [MailConnection] = []

    init(multi: UnsafeMutableRawPointer, keptConnections: Int) {
        unsafe self.multi = multi
        self.keptConnections = keptConnections
    }

    var count: Int { connections.count }

    /// Gives a mail to an idle connection, or to a new one.
    func start(_ job: MailJob) {
        // Always the same end of the list, so that those at the other end grow old when there is less to do.
        let idle = connections.last { $0.phase == .idle && $0.server == job.mail.server }
        if let idle, !job.mail.isTrial {
            idle.reuse(for: job)
            settle(idle)
        } else {
            connect(job)
        }
    }

    private func connect(_ job: MailJob) {
        guard let easy = Easy() else {
            return job.end(.unreachable(MailFailure(step: nil, reason: "The mail was not handed over: no memory.")))
        }
        let connection = MailConnection(easy: easy, job: job, now: .now)
        connections.append(connection)
        unsafe curl_multi_add_handle(multi, easy.handle)
    }

    /// Goes on with the connection whose handle libcurl has ended.
    func connected(_ handle: UnsafeMutableRawPointer, _ code: CURLcode) {
        guard let connection = connections.first(where: { unsafe $0.easy.handle == handle }) else { return }
        connection.connected(code)
        settle(connection)
    }

    /// Appends what the loop is to wait for, and returns for whom, in the same order.
    func watch(_ sockets: inout [curl_waitfd]) -> [MailConnection] {
        connections.filter { connection in
            guard let stream = connection.stream else { return false }
            let events = CURL_WAIT_POLLIN | (stream.hasUnsent ? CURL_WAIT_POLLOUT : 0)
            sockets.append(curl_waitfd(fd: stream.socket, events: Int16(events), revents: 0))
            return true
        }
    }

    /// Reads and writes where there was something to wait for.
    func advance(_ connection: MailConnection) {
        connection.advance()
        settle(connection)
    }

    /// Ends what has taken too long, and returns when the next may have.
    func expire(now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        var next: ContinuousClock.Instant?
        for connection in connections {
            switch connection.phase {
            case .busy:
                guard let deadline = connection.job?.mail.deadline else { continue }
                if deadline <= now { connection.timeOut() } else { next = min(next ?? deadline, deadline) }
            case .idle, .resetting:
                let giveUp = connection.giveUp
                if giveUp <= now { connection.cancel(reason: "") } else { next = min(next ?? giveUp, giveUp) }
            case .connecting, .closed: break
            }
            settle(connection)
        }
        return next
    }

    func cancel(_ number: UInt64) {
        guard let connection = connections.first(where: { $0.job?.number == number }) else { return }
        connection.cancel(reason: "The transfer was cancelled.")
        settle(connection)
    }

    func end() {
        for connection in connections {
            connection.cancel(reason: "Transfers were shut down.")
            settle(connection)
        }
    }

    /// Lets go of a connection that has closed or is one too many.
    private func settle(_ connection: MailConnection) {
        if connection.phase == .idle, connections.count(where: { $0.phase == .idle }) > keptConnections {
            connection.restBriefly()
        }
        guard connection.phase == .closed else { return }
        unsafe curl_multi_remove_handle(multi, connection.easy.handle)
        connections.removeAll { $0 === connection }
        if let job = connection.stranded { connect(job) }
    }
}
