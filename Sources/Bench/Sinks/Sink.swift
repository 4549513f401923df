import Foundation
import Synchronization

/// The receiving end of one connection of a sink.
protocol Host: Sendable {
    init(_ arrivals: Arrivals)

    /// What is said before anything has come.
    var greeting: [UInt8] { get }

    /// Takes what it understands from the front of the bytes, and returns what to answer, and whether that says that a message
    /// was taken.
    mutating func hear(_ bytes: inout [UInt8]) -> (answer: [UInt8], isTaken: Bool)
}

/// A gateway on the loopback interface that takes everything, keeps nothing but the time, and lives on one thread.
///
/// It says of a message that it was taken after a delay, as one does that is some way off.
final class Sink<Hosting: Host>: Sendable {
    private final class Switch: Sendable {
        let isOff = Atomic(false)
    }

    let port: UInt16
    let arrivals = Arrivals()
    private let power = Switch()

    /// `delay`: In milliseconds.
    init(delay: Int64 = 0) throws {
        let (listener, port) = try Sockets.listen()
        self.port = port
        let (power, arrivals) = (power, arrivals)
        Thread.detachNewThread {
            Sink.serve(listener, arrivals, delay) { power.isOff.load(ordering: .relaxed) }
            Sockets.close(listener)
        }
    }

    deinit { power.isOff.store(true, ordering: .relaxed) }

    private struct Line {
        var host: Hosting
        var received: [UInt8] = []
        var unsent: [UInt8] = []
        /// When the unsent is said.
        var due: Moment?
    }

    private static func serve(_ listener: Int32, _ arrivals: Arrivals, _ delay: Int64, until isOff: () -> Bool) {
        guard var poller = try? Poller() else { return }
        poller.add(listener)
        var lines: [Int32: Line] = [:]
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        defer { for socket in lines.keys { Sockets.close(socket) } }
        /// Connections that are answered later, in this order.
        var late: [Int32] = []
        while !isOff() {
            let now = Moment.now
            while let socket = late.first, lines[socket]?.due.map({ $0 <= now }) ?? true {
                late.removeFirst()
                lines[socket]?.due = nil
                if var line = lines[socket] {
                    // The whole of it is a few bytes, and nothing else waits to be sent.
                    _ = Sockets.write(socket, from: &line.unsent)
                    lines[socket] = line
                }
            }
            let wait = late.first.flatMap { lines[$0]?.due }.map { Int32(clamping: ($0 - now) / 1_000_000 + 1) } ?? 50
            for event in poller.wait(milliseconds: wait) {
                guard event.socket != listener else {
                    while let socket = Sockets.accept(on: listener) {
                        var line = Line(host: Hosting(arrivals))
                        line.unsent = line.host.greeting
                        poller.add(socket)
                        if Sockets.write(socket, from: &line.unsent) {
                            lines[socket] = line
                        } else {
                            Sockets.close(socket)
                        }
                    }
                    continue
                }
                let isAlive =
                    lines[event.socket] == nil || exchange(event, &lines[event.socket], &buffer, poller, delay, &late)
                if !isAlive {
                    lines[event.socket] = nil
                    Sockets.close(event.socket)
                }
            }
        }
    }

    /// Reads, answers, and says whether the connection lives on.
    private static func exchange(
        _ event: Poller.Event,
        _ line: inout Line?,
        _ buffer: inout [UInt8],
        _ poller: borrowing Poller,
        _ delay: Int64,
        _ late: inout [Int32]
    ) -> Bool {
        guard var current = line else { return true }
        // While it is worked on nobody else holds its bytes, which would be copied otherwise.
        line = nil
        if event.isReadable {
            if case .ended = Sockets.read(event.socket, into: &current.received, by: &buffer) { return false }
            let (answer, isTaken) = current.host.hear(&current.received)
            current.unsent += answer
            if isTaken, delay > 0 {
                current.due = .now + delay * 1_000_000
                late.append(event.socket)
            }
        }
        guard current.due == nil else {
            line = current
            return true
        }
        let had = !current.unsent.isEmpty
        guard Sockets.write(event.socket, from: &current.unsent) else { return false }
        if event.isWritable || (had && !current.unsent.isEmpty) {
            poller.watch(event.socket, isWriting: !current.unsent.isEmpty)
        }
        line = current
        return true
    }
}
