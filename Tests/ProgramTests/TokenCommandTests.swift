import JSON
import Testing

@Suite("gatepost token", .timeLimit(.minutes(12)))
struct TokenCommandTests {
    @Test("makes, lists and revokes tokens: what create prints works until revoke")
    func walk() async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.start("gatepost-server", variables: [post.clock])
            let url = try await post.url(of: server)
            _ = try await server.line("ready")
            #expect(try await post.gatepost("token", "list").output == "id  scopes  tenant  created  last used  good")
            let carry = try await post.gatepost(
                "token",
                "create",
                "--scope",
                "carry",
                "--gateway",
                "sandbox-email",
                "--gateway=sandbox-sms",
                "--json"
            )
            #expect(carry.json["gateways"] == ["sandbox-email", "sandbox-sms"])
            let brief = try await post.gatepost(
                "token",
                "create",
                "--scope=events,codes",
                "--scope",
                "read",
                "--tenant",
                "shop",
                "--expires-in",
                "1h"
            )
            #expect(brief.output.hasPrefix("gp_") && !brief.output.contains("\n"))
            func status() async throws -> Int {
                let headers = [("Authorization", "Bearer " + brief.output)]
                return try await post.call("GET", "/v1/status", headers: headers, at: url).status
            }
            #expect(try await status() == 200)

            let list = try await post.gatepost("token", "list").output.split(separator: "\n").map(String.init)
            #expect(list.count == 3)
            #expect(list[1].contains("events,codes,read") && list[1].contains("shop") && list[1].contains("until 2"))
            #expect(list[2].contains("sandbox-email,sandbox-sms") && list[2].hasSuffix("always"))
            #expect(list.allSatisfy { $0.count <= 132 })
            let items = try await post.gatepost("token", "list", "--json").json["items"]?.array ?? []
            let ids = items.compactMap { $0["id"]?.string }
            let page = try await post.gatepost("token", "list", "--limit", "1").output
            #expect(page.hasSuffix("more: --cursor \(ids[0])"))
            let rest = try await post.gatepost("token", "list", "--cursor", ids[0]).output
            #expect(rest.contains(ids[1]) && !rest.contains(ids[0]))
            #expect(try await !post.gatepost("token", "list", "--tenant", "shop").output.contains(ids[1]))

            try post.setClock(ahead: .seconds(3601))
            let later = try await post.gatepost("token", "list", variables: [post.clock])
            #expect(later.output.contains("expired 2"))
            try post.setClock(ahead: .zero)
            for _ in 1...2 {
                let revoked = try await post.gatepost("token", "revoke", ids[0])
                #expect((revoked.code, revoked.output) == (0, "revoked \(ids[0])"))
            }
            #expect(try await status() == 401)
            #expect(try await post.gatepost("token", "list").output.contains("revoked 2"))
            let unknown = try await post.gatepost("token", "revoke", "tk_0000000000000000")
            #expect(unknown.code == 1)
            #expect(unknown.complaint.contains("not-found"))
            let refused = try await post.gatepost("token", "create", "--scope", "carry")
            #expect(refused.code == 1)
            #expect(refused.complaint.contains("/gateways"))
            let help = try await post.gatepost("token", "--help").output
            for word in ["create", "list", "revoke", "--scope", "--gateway", "--expires-in"] {
                #expect(help.contains(word))
            }
        }
    }
}
