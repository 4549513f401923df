import CMicroHTTPD
import Dispatch
import Synchronization

/// What the library's callbacks work with: it moves each request from its header to its answer.
///
/// All methods but ``stop()`` and ``startDraining()`` run on the library's thread.
final class Service: Sendable {
    let limits: ServerLimits
    let connections: Connections
    let queue: DispatchQueue
    let memory: BodyMemory
    private let bodyLimit: @Sendable (RequestHead) -> Int
    private let rejection: @Sendable (Rejection) -> Response
    private let handler: @Sendable (Request) async -> Response
    private let lingering: Lingering
    private let isDraining = Atomic(false)
    private let isStopping = Atomic(false)

    init(
        limits: ServerLimits,
        queue: DispatchQueue,
        bodyLimit: @escaping @Sendable (RequestHead) -> Int,
        rejection: @escaping @Sendable (Rejection) -> Response,
        handler: @escaping @Sendable (Request) async -> Response
    ) {
        self.limits = limits
        self.queue = queue
        self.bodyLimit = bodyLimit
        memory = BodyMemory(limits: limits)
        self.rejection = rejection
        self.handler = handler
        connections = Connections(limits: limits)
        lingering = Lingering(queue: queue)
    }

    /// What the library gives to its access callback.
    @safe struct Access {
        let connection: OpaquePointer
        let target: UnsafePointer<CChar>
        let method: UnsafePointer<CChar>
        let version: UnsafePointer<CChar>
        /// A part of the body, empty when there is none.
        let data: UnsafeRawBufferPointer
    }

    /// Takes the next step of a request; with `.NO` the library closes the connection.
    func proceed(_ exchange: Exchange, _ access: Access) -> MHD_Result {
        switch unsafe exchange.next(hasData: !access.data.isEmpty) {
        case .readHead: readHead(of: exchange, access)
        case .receive: receive(access, into: exchange)
        case .run(let request): run(request, of: exchange, access)
        case .answer(let response): unsafe answer(response, on: access.connection, of: exchange)
        case .close: .NO
        }
    }

    /// From now on every answer closes its connection.
    func startDraining() {
        isDraining.store(true, ordering: .releasing)
    }

    /// From now on no handler starts; those at work are abandoned.
    func stop() {
        // First the flag, then the sweep: a request that parks after the sweep sees the flag.
        isStopping.store(true, ordering: .sequentiallyConsistent)
        connections.abandonAll()
    }

    /// Cuts off late connections, and again when the next one can be late.
    func watch() {
        guard !isStopping.load(ordering: .acquiring) else { return }
        let now = ContinuousClock.now
        let nearest = connections.cutOverdue(now: now) {
            self.rejection(.tooSlow).closingOctets(hasBody: true)
        }
        // A deadline that is set later cannot be nearer than the shortest of them.
        let pause = min(nearest.map { now.duration(to: $0) } ?? limits.shortestDeadline, limits.shortestDeadline)
        let milliseconds = max(5, Int(pause / .milliseconds(1)) + 1)
        queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { [weak self] in self?.watch() }
    }

    private func readHead(of exchange: Exchange, _ access: Access) -> MHD_Result {
        do throws(Rejection) {
            let head = try head(of: exchange, access)
            guard exchange.connection.enter(.body) else { return .NO }
            try exchange.accept(head, bodyLimit: min(bodyLimit(head), limits.maximumBodyBytes))
            return .YES
        } catch {
            return unsafe refuse(exchange, for: error, method: access.method)
        }
    }

    private func head(of exchange: Exchange, _ access: Access) throws(Rejection) -> RequestHead {
        guard unsafe cmhd_header_size(access.connection) <= limits.maximumHeaderBytes else {
            throw .headerTooLarge(limit: limits.maximumHeaderBytes)
        }
        var reader = unsafe HeaderReader(
            method: access.method,
            target: access.target,
            targetLength: exchange.rawTarget.utf8.count,
            version: access.version
        )
        unsafe reader.read(access.connection, from: access.method)
        if let malformation = reader.malformation { throw .malformed(malformation) }
        return try RequestHead(
            method: unsafe String(cString: access.method),
            rawTarget: exchange.rawTarget,
            headers: reader.headers,
            isHTTP11: unsafe strcmp(access.version, "HTTP/1.0") != 0
        )
    }

    private func receive(_ access: Access, into exchange: Exchange) -> MHD_Result {
        do throws(Rejection) {
            unsafe try exchange.append(access.data)
            return .YES
        } catch {
            return unsafe refuse(exchange, for: error, method: access.method)
        }
    }

    private func run(_ request: Request, of exchange: Exchange, _ access: Access) -> MHD_Result {
        guard exchange.connection.enter(.handling) else { return .NO }
        let handler = handler
        exchange.park(unsafe SuspendedConnection(suspending: access.connection), at: request.priority) {
            await handler(request)
        }
        if isStopping.load(ordering: .sequentiallyConsistent) { exchange.abandon() }
        return .YES
    }

    private func answer(_ response: Response, on connection: OpaquePointer, of exchange: Exchange) -> MHD_Result {
        // Left alone, the library writes to a peer that has closed or drops the answer, as its lists happen to stand.
        let size = response.file?.count ?? 0
        guard exchange.connection.isConnected(), exchange.connection.enter(.answering, answer: size) else { return .NO }
        guard let answer = unsafe create(response) else { return .NO }
        // This reference only; the library has its own from MHD_queue_response on.
        defer { unsafe MHD_destroy_response(answer) }
        for (name, value) in response.headers {
            // A line end in a header would begin an answer that nobody gave.
            guard unsafe MHD_add_response_header(answer, name, value) == .YES else { return .NO }
        }
        if isDraining.load(ordering: .acquiring) {
            unsafe MHD_add_response_header(answer, "Connection", "close")
        }
        return unsafe MHD_queue_response(connection, UInt32(response.status), answer)
    }

    private func create(_ response: Response) -> OpaquePointer? {
        if let file = response.file {
            let descriptor = file.duplicate()
            // The library closes the descriptor with the answer.
            return descriptor < 0 ? nil : unsafe MHD_create_response_from_fd64(file.count, descriptor)
        }
        return unsafe response.body.withUnsafeBytes { body in
            // The library copies what it is lent here, and does not write to it.
            unsafe MHD_create_response_from_buffer(
                body.count,
                UnsafeMutableRawPointer(mutating: body.baseAddress),
                .RESPMEM_MUST_COPY
            )
        }
    }

    private func refuse(_ exchange: Exchange, for reason: Rejection, method: UnsafePointer<CChar>) -> MHD_Result {
        let response = rejection(reason)
        let octets = response.closingOctets(hasBody: unsafe strcmp(method, "HEAD") != 0)
        let (isSent, duplicate) = exchange.connection.sendLast(octets)
        if let duplicate { lingering.take(duplicate) }
        response.onWritten?(isSent)
        return .NO
    }
}
