import JSON
import SMTPSink
import TestSupport
import Testing

@Suite(
    "On a full disk",
    .enabled(if: SmallDisk.isPermitted, "mounting a small file system takes root"),
    .timeLimit(.minutes(12))
)
struct FullDiskTests {
    @Test("nothing is accepted that does not last, senders are told when to come again, and room is enough to go on")
    func acceptsOnlyWhatLasts() async throws {
        let disk = try SmallDisk()
        var settings = InstallationSettings.mail(port: 9)
        settings.database = disk.path + "/gatepost.db"
        try await Installation.make(settings) { post in
            let server = try await post.server()
            var accepted = try await post.signUps(20)
            try disk.fill()
            var refused: Installation.Answer?
            for number in 1...10_000 where refused == nil {
                let answer = try await post.submit(
                    Installation.event("full-\(number)", to: "full\(number)@example.com")
                )
                if answer.status == 202 { accepted.append(try Accepted(answer)) } else { refused = answer }
            }
            let answer = try #require(refused)
            #expect(answer.status == 503)
            #expect(answer.problem == "unavailable")
            #expect(answer.header("Retry-After").flatMap { Int($0) } ?? 0 >= 1)
            try await eventually("a server that says it is not available") {
                try await post.call("GET", "/readyz").status == 503
            }
            // What lies there can be read all the same.
            #expect(try await post.state(accepted[0]) == "ready")

            try disk.free()
            try await eventually("an event accepted again") {
                let answer = try await post.submit(Installation.event("room", to: "room@example.com"))
                if answer.status == 202 { accepted.append(try Accepted(answer)) }
                return answer.status == 202
            }
            #expect(try await post.call("GET", "/readyz").status == 200)

            server.kill()
            await server.exitCode()
            _ = try await post.server()
            for one in accepted { #expect(try await post.state(one) == "ready") }
            #expect(try await post.count("ready") == accepted.count)
        }
    }
}
