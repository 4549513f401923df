private import CLinux
private import Glibc

/// Tells which sockets of one thread have something to say (epoll(7)).
struct Poller: ~Copyable {
    struct Event {
        var socket: Int32
        var isReadable: Bool
        var isWritable: Bool
    }

    private let descriptor: Int32
    private var slots = [epoll_event](repeating: epoll_event(), count: 256)

    init() throws(BenchFailure) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw BenchFailure("epoll: \(String(cString: strerror(errno)))") }
    }

    deinit { close(descriptor) }

    func add(_ socket: Int32) { control(EPOLL_CTL_ADD, socket, isWriting: false) }

    /// Whether it is also told when the socket can be written to.
    func watch(_ socket: Int32, isWriting: Bool) { control(EPOLL_CTL_MOD, socket, isWriting: isWriting) }

    /// A socket that is closed is forgotten by itself.
    private func control(_ operation: Int32, _ socket: Int32, isWriting: Bool) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | (isWriting ? EPOLLOUT.rawValue : 0)
        event.data.fd = socket
        epoll_ctl(descriptor, operation, socket, &event)
    }

    /// Waits for at most so many milliseconds.
    mutating func wait(milliseconds: Int32) -> [Event] {
        let count = epoll_wait(descriptor, &slots, Int32(slots.count), milliseconds)
        guard count > 0 else { return [] }
        return slots[..<Int(count)].map { slot in
            let isOver = slot.events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
            return Event(
                socket: slot.data.fd,
                isReadable: isOver || slot.events & EPOLLIN.rawValue != 0,
                isWritable: slot.events & EPOLLOUT.rawValue != 0
            )
        }
    }
}
