import CMicroHTTPD
import Dispatch
import Glibc
import Synchronization

/// Connections on which a last answer was sent while the peer was still sending.
///
/// Closing a socket with unread octets resets the connection, and the reset can overtake the answer (RFC 9112,
/// section 9.6). So the end of the stream is waited for: for a second, a few megabytes, and by few connections at a time.
final class Lingering: Sendable {
    private static let most = 32
    private static let patience = Duration.seconds(1)
    private static let mostOctets = 4 << 20
    private let queue: DispatchQueue
    private let count = Mutex(0)

    init(queue: DispatchQueue) {
        self.queue = queue
    }

    /// Takes over a descriptor on which nothing more will be sent, and closes it.
    func take(_ descriptor: Int32) {
        let hasPlace = count.withLock { count in
            guard count < Self.most else { return false }
            count += 1
            return true
        }
        guard hasPlace else {
            _ = close(descriptor)
            return
        }
        discard(from: descriptor, until: .now + Self.patience, octetsLeft: Self.mostOctets)
    }

    private func discard(from descriptor: Int32, until end: ContinuousClock.Instant, octetsLeft: Int) {
        queue.asyncAfter(deadline: .now() + .milliseconds(10)) { [self] in
            let (octets, isOver) = Self.discard(from: descriptor, most: octetsLeft)
            guard isOver || octets >= octetsLeft || .now >= end else {
                return discard(from: descriptor, until: end, octetsLeft: octetsLeft - octets)
            }
            _ = close(descriptor)
            count.withLock { $0 -= 1 }
        }
    }

    /// Reads what is there; over means that the stream has ended.
    private static func discard(from descriptor: Int32, most: Int) -> (octets: Int, isOver: Bool) {
        unsafe withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) { buffer in
            var total = 0
            while total < most {
                let received = unsafe recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
                guard received > 0 else { return (total, received == 0 || (errno != EAGAIN && errno != EINTR)) }
                total += received
            }
            return (total, false)
        }
    }
}
