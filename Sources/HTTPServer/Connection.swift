import CMicroHTTPD
import Glibc
import Synchronization

/// One accepted connection: where it stands, until when, and its descriptor for as long as that is open.
///
/// The descriptor is used under the lock only, and the lock forgets it before the library closes it. So no call here
/// can reach a number that the kernel has given to somebody else meanwhile.
final class Connection: Sendable {
    typealias Instant = ContinuousClock.Instant

    enum Phase: Sendable {
        /// No request line yet, or none since the last answer.
        case waiting
        case header
        case body
        /// A handler works; no deadline.
        case handling
        case answering
        /// Cut off or told to give way; nothing more is run.
        case closing
    }

    private struct State {
        var descriptor: Int32
        var phase = Phase.waiting
        var waitingSince: Instant
        var deadline: Instant?
        /// The library serves it; before, its descriptor must not be shut down here.
        var isServed = false
        /// It has had an answer already.
        var isKept = false
        var exchange: Exchange?
    }

    let address: Peer.Address
    private let isProxy: Bool
    let share: AddressShare?
    private let limits: ServerLimits
    private let state: Mutex<State>

    init(
        descriptor: Int32,
        address: Peer.Address,
        isProxy: Bool,
        share: AddressShare?,
        limits: ServerLimits,
        now: Instant = .now
    ) {
        self.address = address
        self.isProxy = isProxy
        self.share = share
        self.limits = limits
        state = Mutex(State(descriptor: descriptor, waitingSince: now))
    }

    /// Whether the library serves it, so that it may give way.
    var isServed: Bool { state.withLock { $0.isServed } }

    var peer: Peer { Peer(address: address, isProxy: isProxy) { self.isConnected() } }

    var exchange: Exchange? { state.withLock { $0.exchange } }

    /// Starts the deadline of the first header.
    func served() {
        state.withLock {
            $0.isServed = true
            $0.deadline = .now + limits.headerDeadline
        }
    }

    /// A request line came; on a fresh connection the deadline that runs already stays.
    func began(_ exchange: Exchange) {
        state.withLock {
            $0.exchange = exchange
            guard $0.phase == .waiting else { return }
            $0.phase = .header
            if $0.isKept { $0.deadline = .now + limits.headerDeadline }
        }
    }

    /// Goes on to a phase of the same request; false when the connection was cut off.
    ///
    /// `answer`: The size of the answer that is to be sent, in bytes.
    func enter(_ phase: Phase, answer size: UInt64 = 0) -> Bool {
        let deadline: Instant? =
            switch phase {
            case .body: .now + limits.bodyDeadline
            case .answering: .now + limits.answerDeadline + .seconds(Int64(size) / Int64(limits.answerRate))
            default: nil
            }
        return state.withLock {
            guard $0.phase != .closing else { return false }
            $0.phase = phase
            $0.deadline = deadline
            return true
        }
    }

    /// The request is over; the connection may be kept.
    func ended() {
        let now = Instant.now
        state.withLock {
            $0.exchange = nil
            guard $0.phase != .closing else { return }
            $0.isKept = true
            $0.phase = .waiting
            $0.waitingSince = now
            $0.deadline = now + limits.idleTimeout
        }
    }

    /// The library is about to close the descriptor.
    func closed() {
        state.withLock {
            $0.descriptor = -1
            $0.phase = .closing
            $0.deadline = nil
            $0.exchange = nil
        }
    }

    func isConnected() -> Bool {
        state.withLock { $0.descriptor >= 0 && Self.events(on: $0.descriptor, cmhd_peer_hung_up) == 0 }
    }

    /// Since when it waits for a request line of which nothing has come yet; nil when it does not.
    var waitingSince: Instant? { state.withLock { Self.isIdle($0) ? $0.waitingSince : nil } }

    /// Closes it if it waits for a request and nothing of one has come.
    func giveWay(waitingSince limit: Instant = .now) -> Bool {
        state.withLock {
            guard Self.isIdle($0), $0.waitingSince <= limit else { return false }
            Self.shutDown(&$0)
            return true
        }
    }

    /// When the current phase must be over; nil without a deadline.
    var deadline: Instant? { state.withLock { $0.deadline } }

    /// Cuts it off if its deadline has passed; one that was in the middle of a request is sent the octets first.
    func cut(now: Instant, saying octets: [UInt8]) {
        state.withLock {
            guard let deadline = $0.deadline, deadline <= now else { return }
            // In these phases the library sends nothing, so that the octets cannot land inside an answer.
            if $0.phase == .header || $0.phase == .body { _ = Self.send(octets, on: $0.descriptor) }
            Self.shutDown(&$0)
        }
    }

    /// Sends octets in place of an answer; nothing is run afterwards.
    ///
    /// - Returns: whether the kernel took all of them, and a descriptor of the caller's own on which to wait for the
    ///   peer's end.
    func sendLast(_ octets: [UInt8]) -> (isSent: Bool, duplicate: Int32?) {
        state.withLock {
            guard $0.descriptor >= 0, $0.phase != .closing else { return (false, nil) }
            $0.phase = .closing
            $0.deadline = nil
            guard Self.send(octets, on: $0.descriptor) else { return (false, nil) }
            let duplicate = fcntl($0.descriptor, F_DUPFD_CLOEXEC, 0)
            return (true, duplicate >= 0 ? duplicate : nil)
        }
    }

    private static func isIdle(_ state: State) -> Bool {
        state.isServed && state.phase == .waiting && events(on: state.descriptor, Int16(POLLIN)) & Int16(POLLIN) == 0
    }

    private static func shutDown(_ state: inout State) {
        state.phase = .closing
        state.deadline = nil
        // The library's thread sees the end of the stream, closes, and says so by its callbacks.
        shutdown(state.descriptor, Int32(SHUT_RDWR))
    }

    private static func send(_ octets: [UInt8], on descriptor: Int32) -> Bool {
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        return unsafe octets.withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, flags) == $0.count
        }
    }

    /// POLLRDHUP sees the end of the stream behind unread octets, which recv with MSG_PEEK does not.
    private static func events(on descriptor: Int32, _ wanted: Int16) -> Int16 {
        var entry = pollfd(fd: descriptor, events: wanted, revents: 0)
        return unsafe Glibc.poll(&entry, 1, 0) > 0 ? entry.revents : 0
    }
}
