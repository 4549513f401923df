import Foundation
import JSON
import Processes
import Transfer

/// The installation that the storm breaks upon: its folder, its settings, and what is asked of its server.
final class Post: Sendable {
    let folder: String
    let url: String
    private let terms: StormTerms
    private let transfers = Transfers(keptConnections: 64)
    private let port: UInt16

    init(_ terms: StormTerms) throws {
        let files = FileManager.default
        if files.fileExists(atPath: terms.folder) { try files.removeItem(atPath: terms.folder) }
        try files.createDirectory(atPath: terms.folder + "/power", withIntermediateDirectories: true, attributes: nil)
        (self.terms, folder) = (terms, terms.folder)
        port = try Wire.freePort()
        url = "http://127.0.0.1:\(port)"
    }

    var database: String { folder + "/data/gatepost.db" }
    var errors: String { folder + "/errors.log" }

    /// Makes keys, settings and prices.
    func initialize(ports: [String: UInt16]) async throws {
        let made = try await gatepost("init", folder)
        guard made.code == 0 else { throw Disappointment("init failed: \(made.text)") }
        let settings = StormSettings.text(port: port, gateways: ports)
        try Data(settings.utf8).write(to: URL(filePath: folder + "/gatepost.toml"))
        try Data(StormSettings.prices.utf8).write(to: URL(filePath: folder + "/prices/start.csv"))
    }

    /// From now on syncs do nothing.
    func swallowSyncs() throws {
        try Data().write(to: URL(filePath: folder + "/power/swallow"))
    }

    // MARK: Programs

    /// `isPreloaded`: Whether it writes to the database, so that its power may be lost.
    func start(_ program: String, _ words: [String] = [], isPreloaded: Bool = false) async throws -> Program {
        var variables = ["GATEPOST_TEST_DIR=" + folder, "GATEPOST_CONFIG=\(folder)/gatepost.toml"]
        if isPreloaded {
            variables.append("LD_PRELOAD=\(CurrentProcess.programFolder)/libpowerloss.so")
            variables.append("POWER_LOSS_DIR=\(folder)/power")
        }
        return try await Program.start(program, words, variables: variables, errors: errors)
    }

    /// Runs the command to its end.
    func gatepost(_ words: String...) async throws -> (text: String, code: Int32) {
        try await start("gatepost", words).output()
    }

    func token(_ scopes: String, _ words: String...) async throws -> String {
        let program = try await start("gatepost", ["token", "create", "--scope", scopes] + words)
        let made = await program.output()
        guard made.code == 0 else { throw Disappointment("There is no token: \(made.text)") }
        return made.text
    }

    // MARK: Calls

    /// An answer, or none: then the status is 0.
    struct Answer: Sendable {
        var status: Int
        var body: JSONValue

        var isSuccess: Bool { (200..<300).contains(status) }
        /// The name of the problem.
        var problem: String { body["type"]?.string?.split(separator: ":").last.map(String.init) ?? "" }
    }

    func call(
        _ method: String,
        _ path: String,
        token: String,
        _ body: JSONValue? = nil,
        type: String = "application/json",
        key: String? = nil
    ) async -> Answer {
        var headers = [(name: "Authorization", value: "Bearer " + token)]
        if body != nil { headers.append((name: "Content-Type", value: type)) }
        if let key { headers.append((name: "Idempotency-Key", value: key)) }
        let exchange = HTTPExchange(
            method: method,
            url: url + path,
            headers: headers,
            body: body?.serialized(),
            timeout: .seconds(5),
            maximumAnswerBytes: 4 << 20
        )
        switch await transfers.http(exchange) {
        case .failed: return Answer(status: 0, body: .null)
        case .answered(let answer):
            return Answer(status: answer.status, body: (try? JSONValue(parsing: answer.body)) ?? .null)
        }
    }
}
