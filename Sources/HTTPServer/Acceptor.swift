import Dispatch
import Glibc

/// Takes in connections and hands them to the library.
///
/// The library could accept by itself, but at its limit it stops accepting instead of making room, and stopping it from
/// another thread races with its own polling (0.9.75 aborts the process when it loses).
struct Acceptor: Sendable {
    /// The queue of the kernel, and so the most that can wait when the end comes.
    static let backlog: Int32 = 1024
    /// How long a newcomer waits at the most until the library serves those before it.
    private static let patience = Duration.seconds(1)

    private let socket: ListeningSocket
    private let service: Service
    private let daemon: Daemon
    private let isProxy: @Sendable ([UInt8]) -> Bool
    private let work = DispatchGroup()

    init(
        socket: ListeningSocket,
        service: Service,
        daemon: Daemon,
        isProxy: @escaping @Sendable ([UInt8]) -> Bool
    ) {
        self.socket = socket
        self.service = service
        self.daemon = daemon
        self.isProxy = isProxy
    }

    /// Begins; when the returned source is cancelled it takes in who waits, closes the socket and ends.
    func start() -> any DispatchSourceRead {
        let source = DispatchSource.makeReadSource(fileDescriptor: socket.descriptor, queue: service.queue)
        source.setEventHandler { acceptWaiting() }
        source.setCancelHandler {
            // Who has connected before the end is still served.
            acceptWaiting()
            socket.close()
            work.leave()
        }
        work.enter()
        source.activate()
        return source
    }

    /// Blocks until the cancelled source has ended: afterwards nothing is handed to the library any more.
    func waitForEnd() {
        work.wait()
    }

    private func acceptWaiting() {
        for _ in 0..<Self.backlog {
            guard let accepted = SocketAddress.accept(on: socket.descriptor) else {
                switch errno {
                case EINTR, ECONNABORTED: continue
                case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                    // Not all that the limits grant is there: who waits for nothing gives way all the same.
                    service.connections.displaceLongestWaiting()
                    // The socket stays readable, so that without a pause this would spin.
                    usleep(20_000)
                default: break
                }
                return
            }
            take(accepted.descriptor, from: accepted.address)
        }
    }

    private func take(_ descriptor: Int32, from source: SocketAddress) {
        let octets = source.octets
        let isTrusted = octets.map(isProxy) ?? false
        // Behind a proxy are many, and their share is the proxy's to see to.
        let share = isTrusted ? nil : octets.map(AddressShare.init)
        guard let address = Peer.Address(source, of: descriptor),
            let connection = admit(descriptor, address: address, isProxy: isTrusted, share: share)
        else {
            _ = close(descriptor)
            return
        }
        if !daemon.add(descriptor, address: source) {
            service.connections.remove(connection, descriptor: descriptor)
        }
    }

    /// Nil when there is no place.
    ///
    /// Of many that come in the same moment the library serves the first a little later than the last is accepted; until
    /// then nobody could give way, and whoever came last would be closed though others say nothing.
    private func admit(
        _ descriptor: Int32,
        address: Peer.Address,
        isProxy: Bool,
        share: AddressShare?
    ) -> Connection? {
        let end = ContinuousClock.now + Self.patience
        while true {
            switch service.connections.admit(descriptor, address: address, isProxy: isProxy, share: share) {
            case .admitted(let connection): return connection
            case .tooEarly where .now < end: usleep(1000)
            case .tooEarly, .refused: return nil
            }
        }
    }
}
