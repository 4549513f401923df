import Glibc

/// The programs of now: one server and a worker for each channel, or the supervisor that has them as its children.
final class Cast {
    enum Channel: String, CaseIterable, Sendable {
        case mail, sms

        var worker: String { self == .mail ? "gatepost-email-worker" : "gatepost-sms-worker" }
        /// Under which name it claims.
        var carrier: String { self == .mail ? "email-worker" : "sms-worker" }
    }

    private let post: Post
    private var server: Program?
    private var workers: [Channel: Program] = [:]
    private var beginnings: [Channel: Task<Void, any Error>] = [:]
    private var sleepers: [Channel: Program] = [:]
    private var supervisor: Program?

    init(_ post: Post) {
        self.post = post
    }

    func startAll() async throws {
        try await startServer()
        try await startWorkers()
    }

    func startWorkers() async throws {
        for channel in Channel.allCases { try await startWorker(channel) }
    }

    func startServer() async throws {
        let program = try await post.start("gatepost-server", isPreloaded: true)
        server = program
        try await program.ready()
    }

    func killServer() async {
        await server?.kill()
        server = nil
    }

    /// Does not wait until it is ready: what it does first is part of the storm.
    func startWorker(_ channel: Channel) async throws {
        let program = try await post.start(channel.worker)
        workers[channel] = program
        beginnings[channel] = Task { try await program.ready() }
    }

    func killWorker(_ channel: Channel) async {
        await workers[channel]?.kill()
        workers[channel] = nil
    }

    func killAll() async {
        await killServer()
        for channel in Channel.allCases {
            await killWorker(channel)
            await wake(channel)
        }
        await supervisor?.kill()
        supervisor = nil
    }

    // MARK: A worker that sleeps

    /// Stops a worker in the middle of what it does; another takes its place.
    func stopWorker(_ channel: Channel) async throws {
        await wake(channel)
        workers[channel]?.send(SIGSTOP)
        sleepers[channel] = workers[channel]
        try await startWorker(channel)
    }

    /// Lets a stopped worker go on for a moment, beside the one that took its place.
    func wake(_ channel: Channel) async {
        guard let sleeper = sleepers.removeValue(forKey: channel) else { return }
        sleeper.send(SIGCONT)
        _ = try? await Task.sleep(for: .milliseconds(300))  // Never cancelled.
        await sleeper.kill()
    }

    // MARK: The supervisor

    /// Puts everything under a supervisor.
    func startSupervisor() async throws {
        let program = try await post.start("gatepost", ["up"], isPreloaded: true)
        supervisor = program
        try await program.ready()
    }

    /// Kills the supervisor, and its children with it.
    func killSupervisor() async {
        await supervisor?.kill()
        supervisor = nil
    }

    // MARK: The end

    /// Ends everything in order; returns what did not end with 0.
    func endAll() async throws -> [String] {
        var bad: [String] = []
        // One that has only begun to start knows of no signal yet.
        for beginning in beginnings.values { try await beginning.value }
        for program in Channel.allCases.compactMap({ workers[$0] }) + [server].compactMap({ $0 }) {
            let code = await program.end()
            if code != 0 { bad.append("\(program.name) ended with \(code) where it was asked to end.") }
        }
        (server, workers, beginnings) = (nil, [:], [:])
        return bad
    }
}
