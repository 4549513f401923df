private import Glibc

/// One open connection of the sink: its socket, its session, and replies that wait.
final class SinkConnection {
    let socket: Int32

    /// When a delayed reply goes out; until then nothing is read.
    private(set) var due: ContinuousClock.Instant?
    private(set) var isSilent = false

    private var session: SinkSession
    private var outgoing: [UInt8] = []
    private var closesAfterSending = false

    init(socket: Int32, number: Int, _ desk: SinkDesk) {
        self.socket = socket
        session = SinkSession(connection: number)
        take(session.greeting(desk))
    }

    deinit { close(socket) }

    /// What the thread waits for.
    var events: Int16 {
        if !outgoing.isEmpty, due == nil { return Int16(POLLOUT) }
        return due != nil || isSilent ? 0 : Int16(POLLIN)
    }

    /// Goes on, and returns false when the connection is at its end.
    func advance(_ desk: SinkDesk, _ buffer: UnsafeMutableRawBufferPointer, hasInput: Bool) -> Bool {
        if let due {
            guard due <= .now else { return true }
            self.due = nil
        }
        guard send() else { return false }
        if !outgoing.isEmpty || isSilent { return true }
        if hasInput {
            let count = unsafe recv(socket, buffer.baseAddress, buffer.count, 0)
            if count == 0 || count < 0 && errno != EAGAIN && errno != EINTR { return false }
            if count > 0 { unsafe session.append(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
        }
        take(session.advance(desk))
        return due != nil || send()
    }

    private func take(_ output: SinkSession.Output) {
        outgoing.append(contentsOf: output.reply)
        closesAfterSending = output.closes
        isSilent = output.isSilent
        due = output.delay.map { .now + $0 }
    }

    private func send() -> Bool {
        while !outgoing.isEmpty {
            let count = unsafe outgoing.withUnsafeBytes { bytes in
                unsafe Glibc.send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            outgoing.removeFirst(count)
        }
        return !closesAfterSending
    }
}
