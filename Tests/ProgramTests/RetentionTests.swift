import Clocks
import JSON
import TestSupport
import Testing

@Suite("What has ended", .timeLimit(.minutes(12)))
struct RetentionTests {
    private static let day = Duration.seconds(86_400)

    @Test("is gone after thirty days, from lists, by its id and from the disk, and the ledger is whole")
    func isRemoved() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.onClock()
            let old = try await post.signUp("old@example.com")
            try post.setClock(ahead: RetentionTests.day * 29)
            let young = try await post.signUp("young@example.com")
            try await post.reached("dead", old)
            try post.setClock(ahead: RetentionTests.day * 31)
            try await eventually("the older one removed") {
                try await post.call("GET", "/v1/deliveries/\(old.delivery)").status == 404
            }
            try await post.reached("dead", young)
            let listed = try await post.gatepost("list", "--json").json["items"]?.array ?? []
            #expect(listed.map { $0["id"]?.string } == [young.delivery])
            #expect(try await post.count("dead") == 1)
            #expect(try await post.call("GET", "/v1/challenges/\(old.challenge)").status == 404)
            #expect(try await post.verify(old, "000000").status == 404)
            #expect(try await post.gatepost("show", old.delivery).code == 1)
            #expect(try await post.gatepost("replay", old.delivery, "--dry-run", "--json").json["matched"] == 0)
            #expect(try await post.gatepost("ledger", "verify").code == 0)
        }
    }

    @Test("is kept as long as the settings say")
    func isKept() async throws {
        var settings = InstallationSettings.sandbox
        settings.tables.append("[retention]\ndeliveries = \"60d\"")
        try await Installation.make(settings) { post in
            _ = try await post.onClock()
            let old = try await post.signUp("old@example.com")
            try post.setClock(ahead: RetentionTests.day * 59)
            try await post.reached("dead", old)
            try post.setClock(ahead: RetentionTests.day * 61)
            try await eventually("it removed") {
                try await post.call("GET", "/v1/deliveries/\(old.delivery)").status == 404
            }
        }
    }
}
