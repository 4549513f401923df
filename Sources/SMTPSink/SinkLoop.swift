private import Glibc

/// The sink's thread: one `poll` over all connections.
struct SinkLoop {
    let listener: Int32

    /// Readable when the sink shall stop.
    let stopSignal: Int32
    let desk: SinkDesk

    func run() {
        var connections: [SinkConnection] = []
        var opened = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { unsafe buffer.deallocate() }
        while true {
            var sockets = [
                pollfd(fd: stopSignal, events: Int16(POLLIN), revents: 0),
                pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
            ]
            sockets += connections.map { pollfd(fd: $0.socket, events: $0.events, revents: 0) }
            let due = connections.compactMap(\.due).min()
            unsafe poll(&sockets, UInt(sockets.count), due.map(Self.milliseconds) ?? -1)
            if sockets[0].revents != 0 { return }
            var index = 1
            connections.removeAll { connection in
                index += 1
                let ready = Int32(sockets[index].revents)
                if ready == 0, connection.due == nil { return false }
                if ready & (POLLERR | POLLHUP) != 0, connection.events & Int16(POLLIN) == 0 { return true }
                return unsafe !connection.advance(desk, buffer, hasInput: ready & POLLIN != 0)
            }
            if sockets[1].revents != 0 {
                for connection in accept(&opened) where unsafe connection.advance(desk, buffer, hasInput: false) {
                    connections.append(connection)
                }
            }
        }
    }

    private func accept(_ opened: inout Int) -> [SinkConnection] {
        var connections: [SinkConnection] = []
        while true {
            let socket = Glibc.accept(listener, nil, nil)
            guard socket >= 0 else { return connections }
            _ = fcntl(socket, F_SETFL, O_NONBLOCK)
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
            var on: Int32 = 1
            unsafe setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
            opened += 1
            desk.store.count { $0.connections += 1 }
            connections.append(SinkConnection(socket: socket, number: opened, desk))
        }
    }

    private static func milliseconds(until due: ContinuousClock.Instant) -> Int32 {
        let rest = due - .now
        return Int32(clamping: rest.components.seconds * 1000 + rest.components.attoseconds / 1_000_000_000_000_000 + 1)
    }
}
