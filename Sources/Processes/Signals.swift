private import Dispatch
private import Glibc
private import Synchronization

/// The signals that ask a program to end: SIGTERM and SIGINT.
package final class EndSignals: Sendable {
    private let sources: Mutex<[any DispatchSourceSignal]>
    private let stream: AsyncStream<Void>

    /// From here on the signals no longer end the process by themselves. SIGPIPE is ignored: a peer that went away is an
    /// error of the write, not the end of the program.
    package init() {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.stream = stream
        var sources: [any DispatchSourceSignal] = []
        _ = signal(SIGPIPE, SIG_IGN)
        for number in [SIGTERM, SIGINT] {
            _ = signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield() }
            source.activate()
            sources.append(source)
        }
        self.sources = Mutex(sources)
    }

    /// Returns when the first of them has come, or the task was cancelled.
    package func wait() async {
        for await _ in stream { return }
    }
}
