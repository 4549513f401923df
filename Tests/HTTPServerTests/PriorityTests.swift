import HTTPServer
import Testing

@Suite("The priority of a request", .timeLimit(.minutes(12)))
struct PriorityTests {
    /// What handlers ran at, one after the other.
    private func priorities(of fields: [String], at endpoint: Endpoint, _ path: String?) async throws -> [TaskPriority]
    {
        let ran = Mailbox<TaskPriority>()
        try await withListener(at: endpoint) { _ in
            ran.post(Task.currentPriority)
            return Response(status: 200)
        } test: { listener in
            for field in fields {
                let client = try path.map { try RawClient(path: $0) } ?? RawClient(port: listener.port)
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\(field)\r\n")
                _ = await client.reply()
            }
        }
        return ran.rest
    }

    private static let said: [(field: String, priority: TaskPriority)] = [
        ("", .medium), ("Priority: u=0\r\n", .high), ("priority: u=2, i\r\n", .high), ("Priority: i,\tu=1\r\n", .high),
        ("Priority: u=3\r\n", .medium), ("Priority: u=4\r\n", .low), ("Priority: u=7\r\n", .low),
        ("Priority: u=1, u=5\r\n", .low), ("Priority: i\r\n", .medium), ("Priority: u=8\r\n", .medium),
        ("Priority: u=10\r\n", .medium), ("Priority: u\r\n", .medium), ("Priority: xu=1\r\n", .medium),
        ("Priority: ,,\r\n", .medium), ("Priority:\r\n", .medium),
    ]

    @Test("is as its sender says, on the socket")
    func local() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("socket")
        let ran = try await priorities(of: Self.said.map(\.field), at: .local(path: path), path)
        #expect(ran == Self.said.map(\.priority))
    }

    @Test("is the same for all who come from elsewhere")
    func internet() async throws {
        let ran = try await priorities(of: Self.said.map(\.field), at: .internet(host: "127.0.0.1", port: 0), nil)
        #expect(ran == Self.said.map { _ in .medium })
    }
}
