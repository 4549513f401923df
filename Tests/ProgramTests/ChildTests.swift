import Glibc
import Processes
import Testing

@Suite("A program that another starts", .timeLimit(.minutes(12)))
struct ChildTests {
    @Test("has no file of it open but its streams, however that was opened")
    func inheritsNothing() async throws {
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        // A number that it opens nothing under by itself, and not marked to be closed.
        let descriptor = fcntl(null, F_DUPFD, 900)
        defer { for each in [null, descriptor] { close(each) } }
        try #require(descriptor >= 900)
        let child = try #require(await Child.start("/bin/ls", ["/proc/self/fd"]))
        var names: [String] = []
        for await name in child.lines { names.append(name) }
        #expect(await child.exitCode() == 0)
        #expect(names.starts(with: ["0", "1", "2"]))
        #expect(!names.contains("\(descriptor)"))
    }
}
