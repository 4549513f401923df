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
        /// Its handler has the body.
        case parked(SuspendedConnection, Task<Void, Never>)
        case answered(Response)
        case sending((@Sendable (Bool) -> Void)?)
        case over
    }

    private struct State {
        var stage = Stage.arriving
        var body = Body(.none, limit: 0)
    }

    let connection: Connection
    let rawTarget: String
    private let memory: BodyMemory
    private let state = Mutex(State())

    init(connection: Connection, rawTarget: String, memory: BodyMemory) {
        self.connection = connection
        self.rawTarget = rawTarget
        self.memory = memory
    }

    /// The next step when the library calls, with a part of the body or without.
    func next(hasData: Bool) -> Step {
        state.withLock { state in
            switch state.stage {
            case .arriving: return .readHead
            case .receiving where hasData: return .receive
            case .receiving(let head): return .run(head.request(body: state.body.octets, peer: connection.peer))
            case .answered(let response):
                state.stage = .sending(response.onWritten)
                return .answer(response)
            case .parked, .sending, .over: return .close
            }
        }
    }

    /// Takes the head; a body of at most so many bytes may follow.
    func accept(_ head: RequestHead, bodyLimit: Int) throws(Rejection) {
        if case .length(let length) = head.framing {
            guard length <= bodyLimit else { throw .bodyTooLarge(limit: bodyLimit) }
            // Nothing is set aside for what is only announced.
            guard memory.hasRoom(for: length) else { throw .overloaded }
        }
        state.withLock {
            $0.body = Body(head.framing, limit: bodyLimit)
            $0.stage = .receiving(head)
        }
    }

    /// Adds a part of the body.
    func append(_ part: UnsafeRawBufferPointer) throws(Rejection) {
        try state.withLock { state throws(Rejection) in unsafe try state.body.append(part, in: memory) }
    }

    /// Starts the handler while the connection is suspended; until it returns its body counts.
    func park(
        _ suspended: SuspendedConnection,
        at priority: TaskPriority?,
        running handler: @escaping @Sendable () async -> Response
    ) {
        state.withLock {
            let held = $0.body.giveUp()
            let task = Task(priority: priority) {
                let response = await handler()
                self.memory.release(held)
                self.answer(with: response)
            }
            $0.stage = .parked(suspended, task)
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
            // What a handler got is not here any more.
            memory.release(state.body.giveUp())
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
