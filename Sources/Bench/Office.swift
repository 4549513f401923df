import Foundation
import JSON
import Keys
import Link
import Processes
import Transfer

/// An installation of its own in a folder of its own, run by the real programs.
final class Office {
    private static let server = "gatepost-server"

    let workplace: Workplace
    let folder: String
    private let transfers = Transfers()
    private var programs: [(name: String, child: Child)] = []
    private(set) var port: UInt16 = 0
    private(set) var token = ""

    var settings: String { folder + "/gatepost.toml" }
    var database: String { folder + "/post.db" }
    private var socket: String { folder + "/s" }
    /// The server, over its socket.
    var link: ServerLink { ServerLink(to: .socket(path: socket), transfers: transfers) }

    /// Makes an installation with settings, and starts its server.
    init(in workplace: Workplace, _ settings: OfficeSettings = OfficeSettings()) async throws {
        self.workplace = workplace
        folder = try workplace.newFolder()
        try createKeyFile(at: folder + "/keys.toml")
        try Data(settings.text.utf8).write(to: URL(filePath: folder + "/gatepost.toml"))
        try Data(OfficeSettings.prices.utf8).write(to: URL(filePath: folder + "/prices.csv"))
        try await startServer()
        let answer = try await call("POST", "/v1/tokens", ["scopes": ["events"]])
        guard let token = answer["token"]?.string else { throw BenchFailure("the server made no token") }
        self.token = token
    }

    func startServer() async throws {
        let (child, lines) = try await workplace.start(Office.server, config: settings)
        programs.append((Office.server, child))
        let prefix = "listening http://127.0.0.1:"
        guard let line = lines.first(where: { $0.hasPrefix(prefix) }), let port = UInt16(line.dropFirst(prefix.count))
        else { throw BenchFailure("the server did not say where it listens") }
        self.port = port
    }

    func startWorker(_ name: String) async throws {
        programs.append((name, try await workplace.start(name, config: settings).child))
    }

    /// Ends the programs in order, workers first.
    func stop() async throws { try await end { _ in true } }

    /// Ends all but the server.
    func stopWorkers() async throws { try await end { $0 != Office.server } }

    private func end(_ isMeant: (String) -> Bool) async throws {
        for (name, child) in programs.reversed() where isMeant(name) {
            child.terminate()
            let code = await child.exitCode()
            guard code == 0 else { throw BenchFailure("\(name) ended with code \(code)") }
        }
        programs.removeAll { isMeant($0.name) }
    }

    /// Ends the programs and removes what they wrote.
    func remove() async throws {
        try await stop()
        await transfers.shutdown()
        try FileManager.default.removeItem(atPath: folder)
    }

    func processID(of program: String) throws -> Int32 {
        guard let found = programs.first(where: { $0.name == program }) else {
            throw BenchFailure("\(program) does not run")
        }
        return found.child.processID
    }

    /// The body of a success.
    func call(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
        let answer = try await link.call(method, path, body)
        guard answer.isSuccess else { throw BenchFailure("\(method) \(path): \(answer.complaint)") }
        return answer.body
    }

    /// The sum of a metric of the server.
    func metric(_ name: String) async throws -> Double {
        let result = await transfers.http(
            HTTPExchange(
                method: "GET",
                url: "http://localhost/metrics",
                unixSocket: socket,
                headers: [],
                timeout: .seconds(30),
                maximumAnswerBytes: 4 << 20
            )
        )
        guard case .answered(let answer) = result, answer.status == 200 else {
            throw BenchFailure("the server does not tell its metrics")
        }
        var sum = 0.0
        for line in String(decoding: answer.body, as: UTF8.self).split(separator: "\n") where line.hasPrefix(name) {
            let rest = line.dropFirst(name.count)
            guard rest.first == " " || rest.first == "{" else { continue }
            sum += rest.split(separator: " ").last.flatMap { Double($0) } ?? 0
        }
        return sum
    }
}
