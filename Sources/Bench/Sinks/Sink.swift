import Foundation
import Synchronization

/// The receiving end of one connection of a sink.
protocol Host: Sendable {
    init(_ arrivals: Arrivals)

    /// What is said before anything has come.
    var greeting: [UInt8] { get }

    /// Takes what it understands from the front of the bytes, and returns what to answer.
    mutating func hear(_ bytes: inout [UInt8]) -> [UInt8]
}

/// A gateway on the loopback interface that takes everything, keeps nothing but the time, and lives on one thread.
final class Sink<Hosting: Host>: Sendable {
    private final class Switch: Sendable {
        let isOff = Atomic(false)
    }

    let port: UInt16
    let arrivals = Arrivals()
    private let power = Switch()

    init() throws {
        let (listener, port) = try Sockets.listen()
        self.port = port
        let (power, arrivals) = (power, arrivals)
        Thread.detachNewThread {
            Sink.serve(listener, arrivals) { power.isOff.load(ordering: .relaxed) }
            Sockets.close(listener)
        }
    }

    deinit { power.isOff.store(true, ordering: .relaxed) }

    private struct Line {
        var host: Hosting
        var received: [UInt8] = []
        var unsent: [UInt8] = []
    }

    private static func serve(_ listener: Int32, _ arrivals: Arrivals, until isOff: () -> Bool) {
        guard var poller = try? Poller() else { return }
        poller.add(listener)
        var lines: [Int32: Line] = [:]
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        defer { for socket in lines.keys { Sockets.close(socket) } }
        while !isOff() {
            for event in poller.wait(milliseconds: 50) {
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
                let isAlive = lines[event.socket] == nil || exchange(event, &lines[event.socket], &buffer, poller)
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
        _ poller: borrowing Poller
    ) -> Bool {
        guard var current = line else { return true }
        // While it is worked on nobody else holds its bytes, which would be copied otherwise.
        line = nil
        if event.isReadable {
            if case .ended = Sockets.read(event.socket, into: &current.received, by: &buffer) { return false }
            current.unsent += current.host.hear(&current.received)
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
