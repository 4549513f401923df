import Glibc
import HTTPServer
import Testing

@Suite("A peer", .timeLimit(.minutes(12)))
struct PeerTests {
    enum End: CaseIterable {
        case close
        case reset
        case shutDownSending
    }

    @Test(
        "that goes while its request is parked is noticed, and the answer is reported as not written",
        arguments: End.allCases
    )
    func goes(end: End) async throws {
        let seen = Mailbox<Bool>()
        let written = Mailbox<Bool>()
        try await withListener { request in
            seen.post(request.peer.isConnected())
            while request.peer.isConnected(), !Task.isCancelled { await Task.yield() }
            return Response(status: 200) { written.post($0) }
        } test: { listener in
            let client = try RawClient(port: listener.port)
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await seen.next())
            switch end {
            case .close: client.end()
            case .reset: client.reset()
            case .shutDownSending: client.shutDownSending()
            }
            #expect(await written.next() == false)
        }
        #expect(written.rest == [])
    }

    @Test("that goes is noticed behind a pipelined request that was not read")
    func goesBehindPipeline() async throws {
        let seen = Mailbox<Bool>()
        let gone = Mailbox<Void>()
        try await withListener { request in
            seen.post(request.peer.isConnected())
            while request.peer.isConnected(), !Task.isCancelled { await Task.yield() }
            gone.post(())
            return Response(status: 200)
        } test: { listener in
            let client = try RawClient(port: listener.port)
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await seen.next())
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            client.end()
            await gone.next()
        }
    }

    @Test("can be asked for after its connection is gone, and when others have taken its descriptor")
    func askedLate() async throws {
        let peers = Mailbox<Peer>()
        try await withListener { request in
            peers.post(request.peer)
            return Response(status: 200)
        } test: { listener in
            let first = try RawClient(port: listener.port)
            first.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(await first.everything() != nil)
            let peer = await peers.next()
            let others = try (0..<20).map { _ in try RawClient(port: listener.port) }
            for other in others {
                other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                try #require(await other.reply()?.status == 200)
                #expect(await peers.next().isConnected())
            }
            #expect(!peer.isConnected())
        }
    }

    @Test("on TCP is known by address and port, and has no user")
    func internet() async throws {
        let peers = Mailbox<Peer>()
        for (host, source) in [("127.0.0.1", "127.0.0.9"), ("::1", nil)] {
            try await withListener(at: .internet(host: host, port: 0)) { request in
                peers.post(request.peer)
                return Response(status: 200)
            } test: { listener in
                let client = try RawClient(port: listener.port, host: host, from: source)
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(await client.reply()?.status == 200)
                guard case .internet(let address, let port) = await peers.next().address else {
                    Issue.record("a TCP peer has a user")
                    return
                }
                #expect(address == source ?? host)
                #expect((1...65_535).contains(port))
            }
        }
    }

    @Test("on the Unix socket is known by user, group and process")
    func local() async throws {
        let peers = Mailbox<Peer>()
        let folder = try TemporaryFolder()
        try await withListener(at: .local(path: folder.path("socket"))) { request in
            peers.post(request.peer)
            return Response(status: 200)
        } test: { _ in
            let client = try RawClient(path: folder.path("socket"))
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await client.reply()?.status == 200)
            let peer = await peers.next()
            #expect(peer.address == .local(userID: geteuid(), groupID: getegid(), processID: getpid()))
            #expect(peer.isConnected())
            client.end()
            while peer.isConnected() { await Task.yield() }
        }
    }
}
