import Configuration
import Foundation
import JSON
import Link
import Processes
import Transfer

/// What did not hold.
struct Disappointment: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}

/// A new installation in a folder of its own, used as a person at a terminal and an application would use it.
struct Installation {
    let folder: String
    private let programs = CurrentProcess.programFolder
    private let transfers = Transfers()

    var settings: String { folder + "/gatepost.toml" }

    init(folder: String) throws {
        self.folder = folder
        if FileManager.default.fileExists(atPath: folder) { try FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: nil)
    }

    /// Runs `gatepost` and returns its exit code and what it printed.
    func gatepost(_ words: String...) async throws -> (code: Int32, text: String) {
        try await gatepost(words)
    }

    func gatepost(_ words: [String]) async throws -> (code: Int32, text: String) {
        guard let child = await Child.start(programs + "/gatepost", words + ["--config", settings]) else {
            throw Disappointment("gatepost could not be started")
        }
        var lines: [String] = []
        for await line in child.lines { lines.append(line) }
        return (await child.exitCode(), lines.joined(separator: "\n"))
    }

    func initialize() async throws {
        guard let child = await Child.start(programs + "/gatepost", ["init", folder]) else {
            throw Disappointment("gatepost could not be started")
        }
        for await line in child.lines { say("  " + line) }
        guard await child.exitCode() == 0 else { throw Disappointment("init failed") }
    }

    /// Starts `gatepost up` and waits until it is ready.
    func up() async throws -> (child: Child, url: String) {
        guard let child = await Child.start(programs + "/gatepost", ["up", "--config", settings]) else {
            throw Disappointment("gatepost could not be started")
        }
        var url = ""
        for await line in child.lines {
            say("  " + line)
            if line.hasPrefix("listening http") { url = String(line.dropFirst("listening ".count)) }
            if line == "ready" {
                Task { for await _ in child.lines {} }
                return (child, url)
            }
        }
        throw Disappointment("up ended before it was ready")
    }

    /// Calls the server over TCP, as an application with a token does.
    func call(
        _ method: String,
        _ url: String,
        token: String,
        _ body: JSONValue? = nil,
        type: String = "application/json",
        key: String? = nil
    ) async throws -> (status: Int, body: JSONValue) {
        let answer = try await answer(method, url, token: token, body, type: type, key: key)
        return (answer.status, (try? JSONValue(parsing: answer.body)) ?? .null)
    }

    /// What stands at an address that answers no JSON.
    func text(_ url: String, token: String) async throws -> String {
        let answer = try await answer("GET", url, token: token, nil, type: "application/json", key: nil)
        guard answer.status == 200 else { throw Disappointment("GET \(url): status \(answer.status)") }
        return String(decoding: answer.body, as: UTF8.self)
    }

    private func answer(
        _ method: String,
        _ url: String,
        token: String,
        _ body: JSONValue?,
        type: String,
        key: String?
    ) async throws -> HTTPAnswer {
        var headers = [(name: "Authorization", value: "Bearer " + token), (name: "Content-Type", value: type)]
        if let key { headers.append((name: "Idempotency-Key", value: key)) }
        let result = await transfers.http(
            HTTPExchange(method: method, url: url, headers: headers, body: body?.serialized(), timeout: .seconds(10))
        )
        switch result {
        case .failed(let failure): throw Disappointment("\(method) \(url): \(failure.reason)")
        case .answered(let answer): return answer
        }
    }
}
