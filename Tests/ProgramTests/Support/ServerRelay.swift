import Foundation
import Glibc
import Synchronization

/// Stands between a worker and the server's socket, and can hold up one call or its answer, or swallow calls.
///
/// It passes on only what both ends still wait for: where one of them has gone, the other's connection is closed.
final class ServerRelay: Sendable {
    enum Side: Sendable { case request, answer }

    /// The first call of this name waits on this side.
    struct Hold: Sendable {
        var call: String
        var side: Side
    }

    /// What the threads of the connections share.
    private final class Shared: Sendable {
        let state: Mutex<(hold: Hold?, isHolding: Bool)>
        let latch = Latch()

        init(_ hold: Hold?) {
            state = Mutex((hold, false))
        }
    }

    private let shared: Shared
    private let listener: StreamListener

    /// `path`: Where it listens; `server` is the socket of the server, which may come and go.
    ///
    /// `swallows`: Whether a call never reaches the server, and is never answered.
    ///
    /// `passed`: Gets each call that was answered, with its answer, before the worker does.
    init(
        _ path: String,
        to server: String,
        hold: Hold? = nil,
        swallows: @escaping @Sendable (HTTPMessage) -> Bool = { _ in false },
        passed: @escaping @Sendable (_ call: HTTPMessage, _ answer: HTTPMessage) -> Void = { _, _ in }
    ) throws {
        let shared = Shared(hold)
        self.shared = shared
        listener = try StreamListener(unixSocket: path) { worker in
            guard let server = StreamListener.connect(unixSocket: server) else { return }
            while let request = worker.next() {
                guard !swallows(request) else { return worker.drain() }
                ServerRelay.wait(for: request.line, .request, shared)
                guard worker.isOpen, server.send(request), ServerRelay.hasAnswer(server, worker),
                    let answer = server.next()
                else { return }
                ServerRelay.wait(for: request.line, .answer, shared)
                passed(request, answer)
                guard server.isOpen, worker.send(answer) else { return }
            }
        }
    }

    /// Waits until the call that is to be held up is there.
    func held() async throws {
        try await eventually("a call that the relay holds up") { shared.state.withLock { $0.isHolding } }
    }

    /// Lets the call that is held up go on.
    func release() { shared.latch.open() }

    func stop() {
        shared.latch.open()
        listener.stop()
    }

    private static func wait(for line: String, _ side: Side, _ shared: Shared) {
        let isTheOne = shared.state.withLock { state in
            guard let hold = state.hold, hold.side == side, line.contains("/" + hold.call + " ") else { return false }
            state = (nil, true)
            return true
        }
        if isTheOne { shared.latch.wait() }
    }

    /// Waits for an answer, as long as the worker does; the server may take its time over a claim.
    private static func hasAnswer(_ server: HTTPStream, _ worker: HTTPStream) -> Bool {
        var ends = [
            pollfd(fd: server.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: worker.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        while poll(&ends, 2, -1) < 0, errno == EINTR {}
        return ends[1].revents == 0 || worker.isOpen
    }
}
