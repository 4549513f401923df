import Synchronization

/// One request and its answer, from the request line to the last octet.
///
/// Whoever moves it on does so under its lock; handler and answer notices are called outside of it.
final class Exchange: Sendable {
    /// What the library's thread must do next.
    enum Step {
        case readHead
        case receive
        case run(Request)
        case answer(Response)
        case close
    }

    private enum Stage {
        case arriving
        case receiving(RequestHead)
        case parked(SuspendedConnection, Task<Void, Never>)
        case answered(Response)
        case sending((@Sendable (Bool) -> Void)?)
        case over
    }

    private struct State {
        var stage = Stage.arriving
        var body: [UInt8] = []
    }

    let connection: Connection
    let rawTarget: String
    private let state = Mutex(State())

    init(connection: Connection, rawTarget: String) {
        self.connection = connection
        self.rawTarget = rawTarget
    }

    /// The next step when the library calls, with a part of the body or without.
    func next(hasData: Bool) -> Step {
        state.withLock { state in
            switch state.stage {
            case .arriving: return .readHead
            case .receiving where hasData: return .receive
            case .receiving(let head): return .run(head.request(body: state.body, peer: connection.peer))
            case .answered(let response):
                state.stage = .sending(response.onWritten)
                return .answer(response)
            case .parked, .sending, .over: return .close
            }
        }
    }

    func accept(_ head: RequestHead) {
        state.withLock {
            // The announced length is a claim: memory follows what really comes.
            if case .length(let length) = head.framing { $0.body.reserveCapacity(min(length, 64 << 10)) }
            $0.stage = .receiving(head)
        }
    }

    /// Adds a part of the body; false when the whole would exceed the limit.
    func append(_ part: UnsafeRawBufferPointer, limit: Int) -> Bool {
        state.withLock {
            guard part.count <= limit - $0.body.count else { return false }
            unsafe $0.body.append(contentsOf: part)
            return true
        }
    }

    /// Starts the handler while the connection is suspended.
    func park(_ suspended: SuspendedConnection, running handler: @escaping @Sendable () async -> Response) {
        state.withLock {
            $0.body = []
            $0.stage = .parked(suspended, Task { self.answer(with: await handler()) })
        }
    }

    /// Gives up waiting for the handler: the connection will be closed, the handler's task is cancelled.
    func abandon() {
        let task = state.withLock { state -> Task<Void, Never>? in
            guard case .parked(let suspended, let task) = state.stage else { return nil }
            state.stage = .over
            suspended.resume()
            return task
        }
        task?.cancel()
    }

    /// The library is done with this request, for better or worse.
    func finish(isWritten: Bool) {
        let (notice, result) = state.withLock { state -> ((@Sendable (Bool) -> Void)?, Bool) in
            defer { state.stage = .over }
            return switch state.stage {
            case .sending(let notice): (notice, isWritten)
            case .answered(let response): (response.onWritten, false)
            default: (nil, false)
            }
        }
        notice?(result)
    }

    private func answer(with response: Response) {
        let isLate = state.withLock { state in
            guard case .parked(let suspended, _) = state.stage else { return true }
            state.stage = .answered(response)
            suspended.resume()
            return false
        }
        if isLate { response.onWritten?(false) }
    }
}
