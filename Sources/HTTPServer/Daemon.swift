import CMicroHTTPD

/// The library's polling thread and the callbacks that it makes.
///
/// It passes between threads because the manual says of MHD_add_connection: "If you use this API in conjunction with
/// an internal select or a thread pool, you must set the option #MHD_USE_ITC", which is set. ``stop()`` is called once,
/// after the last ``add(_:address:)``.
@safe struct Daemon: @unchecked Sendable {
    private let pointer: OpaquePointer

    /// Starts the thread; nil when memory, threads or descriptors do not suffice.
    ///
    /// The service is lent to the library until ``stop()`` returns; the caller keeps it alive that long.
    init?(for service: Service) {
        let callbacks = unsafe cmhd_callbacks(
            owner: Unmanaged.passUnretained(service).toOpaque(),
            access: { unsafe Daemon.access($0, $1, $2, $3, $4, $5, $6, $7) },
            request_line: { unsafe Daemon.requestLine($0, $1, $2) },
            completed: { _, _, context, code in unsafe Daemon.completed(context, code) },
            connection: { unsafe Daemon.connection($0, $1, $2, $3) }
        )
        let limits = service.limits
        // Half of the memory reads the header, the other half holds the fields' table and the answer's header.
        let memory = limits.maximumHeaderBytes * 2 + 2048
        // Its own limit is never reached: there it would stop accepting, and connections that give way still count.
        let most = UInt32(clamping: limits.connections * 2 + 1024)
        let strictness: Int32 = HeaderReader.knowsLayout ? 0 : 1
        guard let started = unsafe cmhd_start(callbacks, memory, most, strictness) else { return nil }
        unsafe pointer = started
    }

    /// Hands an accepted connection over; the library closes the descriptor in any case, and at once with false.
    func add(_ descriptor: Int32, address: SocketAddress) -> Bool {
        unsafe address.withSockaddr { unsafe MHD_add_connection(pointer, descriptor, $0, $1) == .YES }
    }

    /// Closes all connections and ends the thread; blocks.
    ///
    /// No connection may be suspended. No callback runs afterwards.
    func stop() {
        unsafe MHD_stop_daemon(pointer)
    }

    private static func connection(
        _ owner: UnsafeMutableRawPointer?,
        _ connection: OpaquePointer?,
        _ context: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
        _ event: MHD_ConnectionNotificationCode
    ) {
        guard let owner = unsafe owner, let connection = unsafe connection, let context = unsafe context else { return }
        let connections = unsafe Unmanaged<Service>.fromOpaque(owner).takeUnretainedValue().connections
        let descriptor = unsafe cmhd_descriptor(connection)
        if event == .CONNECTION_NOTIFY_STARTED {
            // Lent to the library; the notice of the close below ends the loan.
            let served = connections.served(descriptor)
            unsafe context.pointee = served.map { unsafe Unmanaged.passRetained($0).toOpaque() }
        } else if let lent = unsafe context.pointee {
            let served = unsafe Unmanaged<Connection>.fromOpaque(lent).takeRetainedValue()
            unsafe context.pointee = nil
            served.closed()
            connections.remove(served, descriptor: descriptor)
        }
    }

    private static func requestLine(
        _ owner: UnsafeMutableRawPointer?,
        _ target: UnsafePointer<CChar>?,
        _ connection: OpaquePointer?
    ) -> UnsafeMutableRawPointer? {
        guard let owner = unsafe owner, let connection = unsafe connection, let target = unsafe target,
            let context = unsafe cmhd_socket_context(connection)
        else { return nil }
        let served = unsafe Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
        let memory = unsafe Unmanaged<Service>.fromOpaque(owner).takeUnretainedValue().memory
        let exchange = unsafe Exchange(connection: served, rawTarget: String(cString: target), memory: memory)
        if HeaderReader.knowsLayout { unsafe cmhd_hide_query(target) }
        served.began(exchange)
        // Lent to the library as the request's context; the notice of its completion ends the loan.
        return unsafe Unmanaged.passRetained(exchange).toOpaque()
    }

    private static func access(
        _ owner: UnsafeMutableRawPointer?,
        _ connection: OpaquePointer?,
        _ target: UnsafePointer<CChar>?,
        _ method: UnsafePointer<CChar>?,
        _ version: UnsafePointer<CChar>?,
        _ data: UnsafePointer<CChar>?,
        _ size: UnsafeMutablePointer<Int>?,
        _ context: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) -> MHD_Result {
        guard let owner = unsafe owner, let connection = unsafe connection, let target = unsafe target,
            let method = unsafe method, let version = unsafe version, let size = unsafe size,
            let lent = unsafe context?.pointee
        else { return .NO }
        let access = unsafe Service.Access(
            connection: connection,
            target: target,
            method: method,
            version: version,
            data: UnsafeRawBufferPointer(start: data, count: size.pointee)
        )
        // Zero says that all of the data was taken.
        unsafe size.pointee = 0
        let exchange = unsafe Unmanaged<Exchange>.fromOpaque(lent).takeUnretainedValue()
        return unsafe Unmanaged<Service>.fromOpaque(owner).takeUnretainedValue().proceed(exchange, access)
    }

    private static func completed(
        _ context: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
        _ code: MHD_RequestTerminationCode
    ) {
        guard let context = unsafe context, let lent = unsafe context.pointee else { return }
        let exchange = unsafe Unmanaged<Exchange>.fromOpaque(lent).takeRetainedValue()
        unsafe context.pointee = nil
        exchange.connection.ended()
        exchange.finish(isWritten: code == .REQUEST_TERMINATED_COMPLETED_OK)
    }
}
