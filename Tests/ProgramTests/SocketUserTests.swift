import Foundation
import JSON
import Processes
import Testing

@Suite(
    "A user of the machine",
    .enabled(if: CurrentProcess.userID == 0, "becoming another user takes root"),
    .timeLimit(.minutes(12))
)
struct SocketUserTests {
    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Peers/ask_as.py").path

    /// Status and problem of an answer to a user on the socket, `none` where the way is barred.
    private func ask(_ post: Installation, as user: UInt32, _ method: String, _ path: String) async throws -> String {
        let python = ProcessInfo.processInfo.environment["GATEPOST_TEST_PYTHON"] ?? "/usr/bin/python3"
        let words = [SocketUserTests.script, "\(user)", post.path("run/gatepost.sock"), method, path]
        let child = try #require(await Child.start(python, words))
        var output: [String] = []
        for await line in child.lines { output.append(line) }
        #expect(await child.exitCode() == 0)
        let parts = output.joined(separator: "\n").split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2, let body = try? JSONValue(parsing: [UInt8](parts[1].utf8)) else { return output[0] }
        let problem = body["type"]?.string?.split(separator: ":").last.map(String.init)
        return [parts[0], problem, body["scope"]?.string].compactMap(\.self).joined(separator: " ")
    }

    @Test("who is named in carriers.users may carry and nothing else; who is not is told so; the start names strangers")
    func users() async throws {
        try await Installation.make(.sandbox) { post in
            let users = #"GATEPOST_CARRIERS_USERS=["nobody", "daemon-who-never-was"]"#
            let server = try await post.start("gatepost-server", variables: [users])
            _ = try await server.line("ready")
            #expect(server.complaints.contains("carriers.users names daemon-who-never-was"))
            #expect(!server.complaints.contains("names nobody"))
            // `init` made the folder for its owner alone.
            try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: post.path("run"))
            let nobody = try #require(CurrentProcess.userID(named: "nobody"))
            let expected = [
                ("POST", "/v1/carriers/claim", "422 invalid-request"), ("GET", "/v1/status", "403 forbidden read"),
                ("POST", "/v1/events", "403 forbidden events"), ("GET", "/v1/tokens", "403 forbidden admin"),
                ("POST", "/v1/tokens", "403 forbidden admin"), ("DELETE", "/v1/sandbox", "403 forbidden sandbox"),
            ]
            for (method, path, answer) in expected {
                #expect(try await ask(post, as: nobody, method, path) == answer)
                #expect(try await ask(post, as: nobody - 1, method, path).hasPrefix("401 unauthenticated"))
            }
        }
    }

    @Test("reaches no socket of an installation that names no users")
    func barred() async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.server()
            try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: post.path("run"))
            let nobody = try #require(CurrentProcess.userID(named: "nobody"))
            #expect(try await ask(post, as: nobody, "GET", "/healthz") == "none")
            #expect(server.complaints.contains("carriers.users") == false)
        }
    }
}
