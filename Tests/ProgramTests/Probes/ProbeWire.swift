import Dispatch
import Glibc

/// What is sent over a connection of its own, byte by byte, and how many answers are waited for before it is closed.
struct ProbeWire: Sendable {
    var bytes: [UInt8]
    var answers = 1
    /// Whether the answer is one to HEAD, which has no body.
    var isToHead = false
    /// Whether the server must close when it has answered.
    var mustClose = false
    /// So many connections are open meanwhile, and say nothing.
    var crowd = 0

    /// What came back.
    struct Return: Sendable {
        var answers: [HTTPMessage] = []
        var isClosed = false
    }

    /// Sends it, and waits for the answers as long as for anything.
    func exchange(port: UInt16) async -> Return {
        await withCheckedContinuation { continuation in
            ProbeWire.queue.async { continuation.resume(returning: blockingExchange(port: port)) }
        }
    }

    private func blockingExchange(port: UInt16) -> Return {
        let silent = (0..<crowd).compactMap { _ in StreamListener.connect(port: port) }
        guard silent.count == crowd, let stream = StreamListener.connect(port: port) else { return Return() }
        var limit = timeval(tv_sec: Int(patience.components.seconds), tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(stream.descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(stream.descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        send(to: stream.descriptor)
        var result = Return()
        while result.answers.count < answers, let answer = stream.next(hasBody: !isToHead) {
            result.answers.append(answer)
        }
        if mustClose { stream.drain() }
        result.isClosed = !stream.isOpen
        return withExtendedLifetime(silent) { result }
    }

    /// A client that is answered before it has sent everything stops, as curl does.
    private func send(to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(1 << 16)
            let count = part.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
            var byte: UInt8 = 0
            if !rest.isEmpty, recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) >= 0 { return }
        }
    }

    private static let queue = DispatchQueue(label: "probes", attributes: .concurrent)
}
