import Foundation
import JSON
import Synchronization
import TestSupport
import Transfer

/// An installation in a folder of its own, and the programs that a test runs on it.
final class Installation: Sendable {
    private let folder: TemporaryFolder
    private let transfers = Transfers()
    private let programs = Mutex<[Running]>([])
    private let variables = Mutex<[String]>([])

    private init() throws {
        folder = try TemporaryFolder()
    }

    /// Makes one with `gatepost init`, gives it the settings, and ends all of its programs after the body.
    static func make(
        _ settings: InstallationSettings,
        _ body: (Installation) async throws -> Void
    ) async throws {
        await Turns.shared.take()
        defer { Turns.shared.giveBack() }
        let installation = try Installation()
        let result: Result<Void, any Error>
        do {
            let made = try await installation.gatepost("init", ".")
            guard made.code == 0 else { throw Disappointment("init failed: \(made.complaint)") }
            try installation.write(settings)
            result = .success(try await body(installation))
        } catch {
            result = .failure(error)
        }
        await installation.end()
        try result.get()
    }

    /// The path of a file in its folder.
    func path(_ name: String) -> String { folder.file(name) }

    func write(_ settings: InstallationSettings) throws {
        variables.withLock { $0 = settings.variables }
        try Data(settings.text.utf8).write(to: URL(filePath: folder.file("gatepost.toml")))
    }

    private func end() async {
        for program in programs.withLock({ $0 }) {
            program.kill()
            await program.exitCode()
        }
        await transfers.shutdown()
    }

    // MARK: Programs

    /// Starts a program in the folder, where it finds its settings.
    func start(_ program: String, _ arguments: [String] = [], variables: [String] = []) async throws -> Running {
        let number = programs.withLock { $0.count }
        let running = try await Running(
            program,
            arguments,
            in: folder.path,
            errorFile: folder.file("errors-\(number)"),
            variables: self.variables.withLock { $0 } + variables
        )
        programs.withLock { $0.append(running) }
        return running
    }

    /// Starts a program and waits until it is ready.
    private func ready(_ program: String, _ arguments: [String] = []) async throws -> Running {
        let running = try await start(program, arguments)
        _ = try await running.line("ready")
        return running
    }

    func up() async throws -> Running { try await ready("gatepost", ["up"]) }
    func server() async throws -> Running { try await ready("gatepost-server") }
    func worker() async throws -> Running { try await ready("gatepost-email-worker") }

    /// What one run of the command came to.
    struct Run {
        var code: Int32
        var output: String
        var complaint: String

        /// The output as JSON, `null` where it is none.
        var json: JSONValue { (try? JSONValue(parsing: [UInt8](output.utf8))) ?? .null }
    }

    /// Runs the command to its end.
    func gatepost(_ arguments: String..., variables: [String] = []) async throws -> Run {
        try await run("gatepost", arguments, variables: variables)
    }

    func run(_ program: String, _ arguments: [String] = [], variables: [String] = []) async throws -> Run {
        let running = try await start(program, arguments, variables: variables)
        let code = await running.exitCode()
        return Run(code: code, output: running.lines.joined(separator: "\n"), complaint: running.complaints)
    }

    // MARK: Calls

    /// An answer of the server.
    struct Answer {
        var status: Int
        var body: JSONValue
        var headers: [(name: String, value: String)]

        func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }

        /// The name of the problem, without `urn:gatepost:problem:`.
        var problem: String? { body["type"]?.string?.split(separator: ":").last.map(String.init) }
    }

    /// Calls the server over its socket, or at a URL such as `http://127.0.0.1:8440`.
    func call(
        _ method: String,
        _ path: String,
        _ body: JSONValue? = nil,
        type: String = "application/json",
        headers: [(name: String, value: String)] = [],
        at url: String? = nil
    ) async throws -> Answer {
        try await send(method, path, body?.serialized(), type: type, headers: headers, at: url)
    }

    /// The same with any bytes for a body.
    func send(
        _ method: String,
        _ path: String,
        _ body: [UInt8]?,
        type: String,
        headers: [(name: String, value: String)] = [],
        at url: String? = nil
    ) async throws -> Answer {
        let result = await transfers.http(
            HTTPExchange(
                method: method,
                url: (url ?? "http://localhost") + path,
                unixSocket: url == nil ? folder.file("run/gatepost.sock") : nil,
                headers: headers + (body == nil ? [] : [("Content-Type", type)]),
                body: body,
                timeout: patience,
                maximumAnswerBytes: 16 << 20
            )
        )
        switch result {
        case .answered(let answer):
            // What is no JSON is judged by its status.
            let body = (try? JSONValue(parsing: answer.body)) ?? .string(String(decoding: answer.body, as: UTF8.self))
            return Answer(status: answer.status, body: body, headers: answer.headers)
        case .failed(let failure): throw failure
        }
    }
}
