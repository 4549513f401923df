import Foundation
import TestSupport
import Testing
import Transfer

@Suite("HTTP requests")
struct HTTPTests {
    private let transfers = Transfers()

    private func post(_ peer: HTTPPeer, _ body: String? = "text", timeout: Duration = .seconds(30)) async -> HTTPResult
    {
        await transfers.http(
            HTTPExchange(method: "POST", url: peer.url, body: body.map { Array($0.utf8) }, timeout: timeout)
        )
    }

    @Test("an answer comes with status, fields and body")
    func answer() async throws {
        let peer = try HTTPPeer(script: [
            .answer("HTTP/1.1 201 Created\r\nX-Number: 7\r\nContent-Length: 4\r\n\r\nbody")
        ])
        defer { peer.stop() }
        let exchange = HTTPExchange(
            method: "PATCH",
            url: peer.url + "path?x=1",
            headers: [("X-Name", "value"), ("X-Empty", "")],
            body: Array("given".utf8),
            login: Login(account: "user", secret: "secret")
        )
        let answer = try #require(await transfers.http(exchange).answer)
        #expect(answer.status == 201)
        #expect(answer.header("x-number") == "7")
        #expect(String(decoding: answer.body, as: UTF8.self) == "body")
        let request = try #require(peer.requests.first)
        #expect(request.line == "PATCH /path?x=1 HTTP/1.1")
        #expect(request.head.contains("\r\nX-Name: value\r\n"))
        #expect(request.head.contains("\r\nX-Empty:"))
        #expect(request.head.contains("\r\nAuthorization: Basic dXNlcjpzZWNyZXQ=\r\n"))
        #expect(!request.head.lowercased().contains("content-type"))
        #expect(String(decoding: request.body, as: UTF8.self) == "given")
        await transfers.shutdown()
    }

    @Test("a login of one request is not sent with the next")
    func loginIsForgotten() async throws {
        let peer = try HTTPPeer()
        defer { peer.stop() }
        let login = Login(account: "user", secret: "secret")
        _ = await transfers.http(HTTPExchange(method: "GET", url: peer.url, login: login))
        _ = await transfers.http(HTTPExchange(method: "GET", url: peer.url))
        #expect(peer.requests.map { $0.head.contains("Authorization") } == [true, false])
        await transfers.shutdown()
    }

    @Test("a large body is sent without waiting to be asked for it")
    func largeBody() async throws {
        let peer = try HTTPPeer()
        defer { peer.stop() }
        let body = String(repeating: "0123456789abcdef", count: 1 << 17)
        #expect(await post(peer, body).answer?.status == 200)
        let request = try #require(peer.requests.first)
        #expect(!request.head.lowercased().contains("expect:"))
        #expect(request.body.count == body.utf8.count)
        await transfers.shutdown()
    }

    @Test("requests one after the other share a connection, over TCP and over a Unix socket")
    func keptAlive() async throws {
        let folder = try TemporaryFolder()
        let (tcp, local) = (try HTTPPeer(), try HTTPPeer(unixSocket: folder.file("socket")))
        defer {
            tcp.stop()
            local.stop()
        }
        for _ in 1...20 {
            let exchange = HTTPExchange(
                method: "POST",
                url: "http://local/",
                unixSocket: folder.file("socket"),
                body: [1]
            )
            #expect(await transfers.http(exchange).answer?.status == 200)
            #expect(await post(tcp).answer?.status == 200)
        }
        #expect(local.connections == 1)
        #expect(tcp.connections == 1)
        await transfers.shutdown()
    }

    @Test("many requests at once are each answered once")
    func many() async throws {
        let folder = try TemporaryFolder()
        let peer = try HTTPPeer(unixSocket: folder.file("socket"))
        defer { peer.stop() }
        let statuses = await withTaskGroup { group in
            for _ in 1...16 {
                group.addTask { [transfers] in
                    var count = 0
                    for _ in 1...50 {
                        let exchange = HTTPExchange(
                            method: "POST",
                            url: "http://local/",
                            unixSocket: folder.file("socket"),
                            body: [1]
                        )
                        if await transfers.http(exchange).answer?.status == 200 { count += 1 }
                    }
                    return count
                }
            }
            return await group.reduce(0, +)
        }
        #expect(statuses == 800)
        #expect(peer.requests.count == 800)
        #expect(peer.connections <= 16)
        await transfers.shutdown()
    }

    @Test(
        "what would change the request's shape is refused before a connection is made",
        arguments: [
            HTTPExchange(method: "GET\r\nX: y", url: "/"), HTTPExchange(method: "", url: "/"),
            HTTPExchange(method: "GET", url: "/a b"), HTTPExchange(method: "GET", url: "/\r\nX: y"),
            HTTPExchange(method: "GET", url: "/", headers: [("X", "a\r\nY: b")]),
            HTTPExchange(method: "GET", url: "/", headers: [("X", "a\0b")]),
            HTTPExchange(method: "GET", url: "/", headers: [("X: y\r\nZ", "a")]),
            HTTPExchange(method: "POST", url: "/", headers: [("Content-Length", "3")], body: []),
            HTTPExchange(method: "POST", url: "/", headers: [("transfer-encoding", "chunked")], body: []),
            HTTPExchange(method: "GET", url: "/", login: Login(account: "a\0b", secret: "c")),
        ]
    )
    func invalid(exchange: HTTPExchange) async throws {
        let peer = try HTTPPeer()
        defer { peer.stop() }
        var exchange = exchange
        exchange.url = String(peer.url.dropLast()) + exchange.url
        #expect(await transfers.http(exchange).failure?.kind == .invalid)
        #expect(peer.connections == 0)
        await transfers.shutdown()
    }

    @Test("no other protocol is spoken", arguments: ["file:///etc/hostname", "ftp://127.0.0.1/", "smtp://127.0.0.1/"])
    func protocols(url: String) async throws {
        #expect(await transfers.http(HTTPExchange(method: "GET", url: url)).failure?.kind == .invalid)
        await transfers.shutdown()
    }

    @Test("a proxy named in the environment is not used")
    func noProxy() async {
        await #expect(processExitsWith: .success) {
            setenv("http_proxy", "http://127.0.0.1:1/", 1)
            setenv("ALL_PROXY", "http://127.0.0.1:1/", 1)
            let peer = try HTTPPeer()
            let transfers = Transfers()
            let result = await transfers.http(HTTPExchange(method: "GET", url: peer.url))
            await transfers.shutdown()
            peer.stop()
            #expect(result.answer?.status == 200)
        }
    }

    @Test("a login shows neither in words nor in a mirror")
    func secretIsHidden() {
        let exchange = HTTPExchange(method: "GET", url: "/", login: Login(account: "user", secret: "hush"))
        var dumped = ""
        dump(exchange, to: &dumped)
        #expect(!dumped.contains("hush"))
        #expect(!String(reflecting: exchange).contains("hush"))
    }
}
