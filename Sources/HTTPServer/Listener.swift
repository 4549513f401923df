import Dispatch
import Synchronization

/// An HTTP/1.1 server at one endpoint, with one thread of its own for all connections.
///
/// Each complete request is given to the handler in a task; while the handler works its connection costs no thread and
/// has no deadline. Requests of one connection run one after the other, in the order in which they came. A peer that
/// shuts its sending side before it has its answer gives up the request.
///
/// What the library itself cannot parse (no colon in a field line, a length that is no number, a header beyond all
/// memory, a broken chunk, another major version) is answered by it with 400, 413, 414, 431, 500 or 505 and a short
/// body of its own, and closed; every other refusal is a ``Rejection``.
package final class Listener: Sendable {
    /// The TCP port, also where port 0 was asked for; 0 for a Unix socket.
    package let port: Int

    private let parts: Parts
    private let ending: Mutex<Ending>

    private struct Parts: Sendable {
        let service: Service
        let acceptor: Acceptor
        let daemon: Daemon

        /// Stops all of them; blocks until the library's thread has ended.
        func stop() {
            acceptor.waitForEnd()
            service.stop()
            daemon.stop()
        }
    }

    private struct Ending {
        let source: any DispatchSourceRead
        var task: Task<Void, Never>?
    }

    /// Listens at once.
    ///
    /// - Parameters:
    ///   - endpoint: where; a stale socket file of a dead process is replaced.
    ///   - limits: what peers are granted.
    ///   - isProxy: whether the peer with this address, of 4 or 16 octets, is a reverse proxy that speaks for many.
    ///   - bodyLimit: the largest body of a request with this head, in bytes; more than the limits' does not count. Must
    ///     return at once.
    ///   - rejection: makes the answer for a request that is refused before the handler sees it. Must return at once.
    ///   - handler: answers a request. Its task is cancelled when a drain has run out of time.
    /// - Throws: ``ListenError`` when nothing listens.
    package init(
        at endpoint: Endpoint,
        limits: ServerLimits = ServerLimits(),
        isProxy: @escaping @Sendable ([UInt8]) -> Bool = { _ in false },
        bodyLimit: @escaping @Sendable (RequestHead) -> Int = { _ in .max },
        rejection: @escaping @Sendable (Rejection) -> Response = Response.init(refusing:),
        handler: @escaping @Sendable (Request) async -> Response
    ) throws(ListenError) {
        let socket = try ListeningSocket(endpoint)
        let queue = DispatchQueue(label: "http-listener")
        let service = Service(
            limits: limits,
            queue: queue,
            bodyLimit: bodyLimit,
            rejection: rejection,
            handler: handler
        )
        guard let daemon = Daemon(for: service) else {
            socket.close()
            throw .failed(endpoint, reason: "too few threads, descriptors or too little memory")
        }
        port = socket.port
        parts = Parts(
            service: service,
            acceptor: Acceptor(socket: socket, service: service, daemon: daemon, isProxy: isProxy),
            daemon: daemon
        )
        ending = Mutex(Ending(source: parts.acceptor.start()))
        service.watch()
    }

    deinit {
        ending.withLock { [parts] in
            guard $0.task == nil else { return }
            $0.source.cancel()
            // Not here: this may be the library's own thread, for which the end of that thread would wait for ever.
            DispatchQueue.global().async { parts.stop() }
        }
    }

    /// Stops accepting, lets handlers end and their answers go out, then closes the rest.
    ///
    /// Idle connections are closed after 50 ms, in which a request that was on its way may still come. Handlers that
    /// wait (long polls) are their owner's to end; when the time is over, or the caller's task is cancelled, their tasks
    /// are cancelled and their connections closed. When this returns no handler starts and nothing is called any more,
    /// but for `onWritten(false)` of answers that come too late. A second call waits for the first.
    ///
    /// - Parameter limit: how long requests under way may take.
    package func drain(within limit: Duration) async {
        let task = ending.withLock { ending in
            if let task = ending.task { return task }
            ending.source.cancel()
            let task = Task { [parts] in await Self.drain(parts, within: limit) }
            ending.task = task
            return task
        }
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private static func drain(_ parts: Parts, within limit: Duration) async {
        let start = ContinuousClock.now
        let grace = Duration.milliseconds(50)
        parts.service.startDraining()
        // The first look comes after the grace: a connection that was accepted last gets it as well.
        var pause = grace
        while ContinuousClock.now - start < limit, !Task.isCancelled {
            // Cut short by cancellation, which the loop sees.
            _ = try? await Task.sleep(for: min(pause, limit))
            if parts.service.connections.isEmpty { break }
            parts.service.connections.closeIdle(since: .now - grace)
            pause = .milliseconds(10)
        }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                parts.stop()
                continuation.resume()
            }
        }
    }
}

extension Response {
    /// The plain-text answer for a refused request, where the owner has no format of its own.
    package init(refusing rejection: Rejection) {
        var headers = [("Content-Type", "text/plain; charset=utf-8")]
        if let seconds = rejection.retryAfter { headers.append(("Retry-After", String(seconds))) }
        self.init(status: rejection.status, headers: headers, body: Array("\(rejection)\n".utf8))
    }
}
