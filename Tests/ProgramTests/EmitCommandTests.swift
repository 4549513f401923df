import Foundation
import JSON
import Testing

@Suite("gatepost emit", .timeLimit(.minutes(12)))
struct EmitCommandTests {
    @Test(
        "submits an event of each purpose with code and prints its challenge",
        arguments: ["sign_up", "confirmation", "recovery", "mfa", "attribute_change", "invitation"]
    )
    func purposes(purpose: String) async throws {
        try await Installation.make(.branded()) { post in
            _ = try await post.server()
            for words in [["--email", "a@example.com"], ["--phone", "+12012000001"]] {
                let run = try await post.run("gatepost", ["emit", purpose] + words)
                #expect(run.code == 0, "\(run.complaint)")
                let lines = run.output.split(separator: "\n")
                #expect(lines.count == 2)
                #expect(lines.last?.hasPrefix("challenge ch_") == true)
            }
        }
    }

    @Test("submits a notice by its name, which has no challenge")
    func notice() async throws {
        try await Installation.make(.branded()) { post in
            _ = try await post.up()
            let run = try await post.gatepost("emit", "notice", "--notice", "new_sign_in", "--email", "a@example.com")
            #expect(run.code == 0, "\(run.complaint)")
            #expect(run.output.hasPrefix("delivery dl_"))
            #expect(!run.output.contains("challenge"))
            let shown = try await eventually("a message in the sandbox") { () -> JSONValue? in
                let shown = try await post.gatepost("sandbox", "show", "--json")
                return shown.code == 0 ? .some(shown.json) : .none
            }
            #expect(shown["text"]?.string?.contains("somebody signed in") == true)
            let nameless = try await post.gatepost("emit", "notice", "--email", "a@example.com")
            #expect(nameless.code == 1)
            #expect(nameless.complaint.contains("/data/notice"))
        }
    }

    @Test("gives each option to the member of its name")
    func options() async throws {
        try await Installation.make(.branded()) { post in
            _ = try await post.server()
            let change = try await post.gatepost(
                "emit",
                "attribute_change",
                "--email",
                "new@example.com",
                "--previous-email",
                "old@example.com",
                "--previous-phone",
                "+12012000001",
                "--session",
                "s1",
                "--link",
                "https://app.example.com/x",
                "--ttl",
                "10m",
                "--json"
            )
            #expect(change.code == 0, "\(change.complaint)")
            #expect(change.json["deliveries"]?.array?.count == 3)
            let id = change.json["challenge"]?["id"]?.string ?? ""
            #expect(try await post.call("GET", "/v1/challenges/\(id)").body["session"] == true)
            let expiry = Date(timeIntervalSinceNow: 3600).formatted(.iso8601)
            let own = try await post.gatepost(
                "emit",
                "recovery",
                "--phone",
                "+12012000002",
                "--code",
                "AB-12",
                "--expires-at",
                expiry,
                "--json"
            )
            #expect(own.code == 0, "\(own.complaint)")
            #expect(own.json["challenge"] == nil)
            let pointers = [
                (["--link", "https://app.example.com.evil.com/"], "/data/link"), (["--ttl", "2h"], "/data/ttl"),
                (["--code", "AB-12"], "/data/expires_at"), (["--expires-at", expiry], "/data/expires_at"),
                (["--notice", "new_sign_in"], "/data/notice"), (["--previous-phone", "1"], "/data/previous_phone"),
            ]
            for (words, pointer) in pointers {
                let run = try await post.run("gatepost", ["emit", "recovery", "--email", "a@example.com"] + words)
                #expect(run.code == 1)
                #expect(run.complaint.contains("at \(pointer)"), "\(run.complaint)")
            }
        }
    }
}
