import Glibc
import HTTPServer
import Testing

@Suite("A drain", .timeLimit(.minutes(12)))
struct DrainTests {
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("loses no answer to a request under way, and closes each connection with its answer")
    func losesNothing() async throws {
        let latch = Latch()
        let arrived = Mailbox<Void>()
        let written = Mailbox<Bool>()
        let listener = try Listener(at: .internet(host: "127.0.0.1", port: 0)) { request in
            arrived.post(())
            await latch.wait()
            return Response(status: 200, body: request.body) { written.post($0) }
        }
        let clients = try (0..<32).map { _ in try RawClient(port: listener.port) }
        for (number, client) in clients.enumerated() {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n\(number + 10)")
        }
        // One more is in the middle of its body when the drain begins.
        let late = try RawClient(port: listener.port)
        late.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        #expect(await late.reply()?.status == 100)
        for _ in clients { await arrived.next() }
        async let drained: Void = listener.drain(within: .seconds(60))
        await untilRefused(port: listener.port)
        late.send("99")
        await arrived.next()
        latch.open()
        for (number, client) in Array(clients.enumerated()) + [(89, late)] {
            let reply = try #require(await client.reply())
            #expect(reply.body == "\(number + 10)")
            #expect(reply.closes)
            #expect(await client.everything() == "")
        }
        await drained
        #expect(written.rest == [Bool](repeating: true, count: 33))
    }

    @Test("closes idle connections and those that never said a word")
    func closesIdle() async throws {
        let listener = try Listener(at: .internet(host: "127.0.0.1", port: 0), handler: echo)
        let idle = try RawClient(port: listener.port)
        idle.send(Self.request)
        #expect(await idle.reply()?.status == 200)
        let silent = try RawClient(port: listener.port)
        await listener.drain(within: .seconds(60))
        #expect(await idle.everything() == "")
        #expect(await silent.everything() == "")
    }

    @Test("leaves its address free for the next listener when it returns")
    func leavesAddress() async throws {
        let folder = try TemporaryFolder()
        for _ in 0..<20 {
            let listener = try Listener(at: .local(path: folder.path("socket")), handler: echo)
            let client = try RawClient(path: folder.path("socket"))
            await listener.drain(within: .zero)
            #expect(await client.everything() == "")
        }
    }

    @Test("cancels what still works when its time is over, and reports the late answer as not written")
    func cancels() async throws {
        let arrived = Mailbox<Void>()
        let cancelled = Mailbox<Void>()
        let written = Mailbox<Bool>()
        let latch = Latch()
        let listener = try Listener(at: .internet(host: "127.0.0.1", port: 0)) { _ in
            arrived.post(())
            await withTaskCancellationHandler {
                await latch.wait()
            } onCancel: {
                cancelled.post(())
            }
            return Response(status: 200) { written.post($0) }
        }
        let client = try RawClient(port: listener.port)
        client.send(Self.request)
        await arrived.next()
        await listener.drain(within: .milliseconds(100))
        #expect(await client.everything() == "")
        await cancelled.next()
        latch.open()
        #expect(await written.next() == false)
    }

    @Test("ends at once when its caller is cancelled, and a second one waits for the first")
    func twice() async throws {
        let arrived = Mailbox<Void>()
        let latch = Latch()
        let listener = try Listener(at: .internet(host: "127.0.0.1", port: 0)) { _ in
            arrived.post(())
            await latch.wait()
            return Response(status: 200)
        }
        let client = try RawClient(port: listener.port)
        client.send(Self.request)
        await arrived.next()
        let first = Task { await listener.drain(within: .seconds(3600)) }
        await untilRefused(port: listener.port)
        let second = Task { await listener.drain(within: .zero) }
        first.cancel()
        await first.value
        await second.value
        latch.open()
        #expect(await client.everything() == "")
    }

    @Test("happens to a listener that nobody holds any more")
    func dropped() async throws {
        var listener: Listener? = try Listener(at: .internet(host: "127.0.0.1", port: 0), handler: echo)
        let client = try RawClient(port: try #require(listener?.port))
        client.send(Self.request)
        #expect(await client.reply()?.status == 200)
        listener = nil
        #expect(await client.everything() == "")
    }

    /// Waits until nobody accepts connections there.
    private func untilRefused(port: Int) async {
        while (try? RawClient(port: port)) != nil { await Task.yield() }
    }
}
