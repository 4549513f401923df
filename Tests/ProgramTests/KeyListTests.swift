import Foundation
import JSON
import Testing

@Suite("gatepost key list", .timeLimit(.minutes(12)))
struct KeyListTests {
    @Test("tells ids and purposes of the key file in its order, and nothing of a key")
    func list() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.server()
            let text = try String(contentsOfFile: post.path("keys.toml"), encoding: .utf8)
            let run = try await post.gatepost("key", "list")
            let json = try await post.gatepost("key", "list", "--json")
            let answer = try await post.call("GET", "/v1/keys")
            #expect((run.code, json.code, answer.status) == (0, 0, 200))
            #expect(json.json == answer.body)
            let keys = answer.body["items"]?.array ?? []
            #expect(keys.compactMap { $0["purpose"]?.string } == ["code", "seal", "lookup", "ledger"])
            for key in keys {
                let id = try #require(key["id"]?.string)
                #expect(text.contains(id) && run.output.contains(id))
                #expect(key["in_use"] == true)
            }
            // Of no key as much as eight characters.
            let secrets = text.matches(of: /"([A-Za-z0-9+\/_=-]{20,})"/).map { String($0.1) }
            #expect(secrets.count >= 3)
            let said =
                run.output + run.complaint + json.output + String(decoding: answer.body.serialized(), as: UTF8.self)
            for secret in secrets {
                for start in secret.indices.dropLast(7) {
                    #expect(!said.contains(secret[start..<secret.index(start, offsetBy: 8)]))
                }
            }
        }
    }

    @Test("ends with 2 for anything but list, 69 without a server")
    func exitCodes() async throws {
        try await Installation.make(.sandbox) { post in
            for words in [["key"], ["key", "show"], ["key", "list", "more"]] {
                let run = try await post.run("gatepost", words)
                #expect(run.code == 2)
            }
            let alone = try await post.gatepost("key", "list")
            #expect(alone.code == 69)
        }
    }
}
