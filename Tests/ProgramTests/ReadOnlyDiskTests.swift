import JSON
import Testing

@Suite(
    "Where the disk fails and its file system turns read-only",
    .enabled("mounting a file system takes root and a loop device") { await FailingDisk.isPermitted() },
    .timeLimit(.minutes(12))
)
struct ReadOnlyDiskTests {
    @Test("events are refused, what is there can be read, and after a repair all that was accepted is there")
    func refusesWhatCannotLast() async throws {
        let disk = try await FailingDisk()
        var settings = InstallationSettings.mail(port: 9)
        settings.database = disk.path + "/gatepost.db"
        try await Installation.make(settings) { post in
            let server = try await post.server()
            let accepted = try await post.signUps(20)
            try await disk.fail()
            for number in 1...3 {
                let event = Installation.event("late-\(number)", to: "late\(number)@example.com")
                let answer = try await post.submit(event)
                #expect(answer.status == 503)
                #expect(answer.problem == "unavailable")
                #expect(answer.header("Retry-After").flatMap { Int($0) } ?? 0 >= 1)
            }
            try await eventually("a server that says it is not available") {
                try await post.call("GET", "/readyz").status == 503
            }
            #expect(server.complaints.contains("read-only"), "\(server.complaints)")
            #expect(try await post.state(accepted[0]) == "ready")
            #expect(try await post.claim(instance: "first", waitMilliseconds: 0).isEmpty)

            server.kill()
            await server.exitCode()
            try await disk.repair()
            _ = try await post.server()
            for one in accepted { #expect(try await post.state(one) == "ready") }
            #expect(try await post.count("ready") == accepted.count)
            _ = try await post.signUp("late1@example.com")
        }
    }
}
