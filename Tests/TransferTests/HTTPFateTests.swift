import TestSupport
import Testing

@testable import Transfer

@Suite("What is known of an HTTP request that went wrong")
struct HTTPFateTests {
    private let transfers = Transfers()

    private func post(_ peer: HTTPPeer, _ body: String? = "text", timeout: Duration = .seconds(30)) async -> HTTPResult
    {
        await transfers.http(
            HTTPExchange(method: "POST", url: peer.url, body: body.map { Array($0.utf8) }, timeout: timeout)
        )
    }

    @Test("a request whose time is over when libcurl comes to it surely stays here")
    func late() async throws {
        let result = await withCheckedContinuation { answer in
            let exchange = HTTPExchange(method: "POST", url: "http://127.0.0.1/", body: [1])
            let transfer = Easy().map { HTTPTransfer(easy: $0) }
            transfer?.begin(HTTPJob(number: 1, exchange: exchange, deadline: .now, answer: answer), now: .now)
            #expect(transfer?.mayBegin() == false)
            transfer?.job?.end(transfer?.resultWhenCancelled(reason: "") ?? .failed(.closed))
        }
        #expect(result?.failure?.kind == .cancelled)
    }

    @Test(
        "a POST whose answer is lost on a kept-alive connection is handed over once and unknown",
        arguments: ["text", "", nil]
    )
    func lostAnswer(body: String?) async throws {
        let peer = try HTTPPeer(script: [HTTPPeer.ok, .close])
        defer { peer.stop() }
        #expect(await post(peer, body).answer?.status == 200)
        let failure = await post(peer, body).failure
        #expect(failure?.kind == .unknown)
        #expect(
            failure?.reason
                == "There is no answer, and the request may have been received: The connection was lost."
        )
        #expect(await post(peer, body).answer?.status == 200)
        // libcurl opens the second connection for a repetition, which is then not allowed.
        #expect(peer.requests.map(\.connection) == [1, 1, 3])
        await transfers.shutdown()
    }

    @Test("a POST that is lost with its server spoils none that follows")
    func lostServer() async throws {
        let (lost, next) = (try HTTPPeer(script: [HTTPPeer.ok, .leave]), try HTTPPeer())
        defer { next.stop() }
        #expect(await post(lost).answer?.status == 200)
        #expect(await post(lost).failure?.kind == .unknown)
        #expect(await post(next).answer?.status == 200)
        await transfers.shutdown()
    }

    @Test("a DELETE without a body is not repeated either")
    func lostAnswerToDelete() async throws {
        let peer = try HTTPPeer(script: [HTTPPeer.ok, .close])
        defer { peer.stop() }
        let exchange = HTTPExchange(method: "DELETE", url: peer.url)
        #expect(await transfers.http(exchange).answer?.status == 200)
        #expect(await transfers.http(exchange).failure?.kind == .unknown)
        #expect(peer.requests.count == 2)
        await transfers.shutdown()
    }

    @Test("a GET on a kept-alive connection that turns out to be closed is repeated")
    func repeatedGet() async throws {
        let peer = try HTTPPeer(script: [HTTPPeer.ok, .close])
        defer { peer.stop() }
        let exchange = HTTPExchange(method: "GET", url: peer.url)
        #expect(await transfers.http(exchange).answer?.status == 200)
        #expect(await transfers.http(exchange).answer?.status == 200)
        #expect(peer.requests.map(\.connection) == [1, 1, 2])
        await transfers.shutdown()
    }

    @Test("a redirect is an answer like any other", arguments: [301, 302, 303, 307, 308])
    func redirect(status: Int) async throws {
        let peer = try HTTPPeer(script: [
            .answer("HTTP/1.1 \(status) Elsewhere\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n")
        ])
        defer { peer.stop() }
        #expect(await post(peer).answer?.status == status)
        #expect(peer.requests.count == 1)
        await transfers.shutdown()
    }

    @Test(
        "an answer that ends in its middle is unknown",
        arguments: ["HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "HTTP/1.1 200 OK\r\nConten", "H"]
    )
    func cutAnswer(text: String) async throws {
        let peer = try HTTPPeer(script: [.cut(text)])
        defer { peer.stop() }
        #expect(await post(peer).failure?.kind == .unknown)
        #expect(peer.requests.count == 1)
        await transfers.shutdown()
    }

    @Test("a server that stays silent until the time is over leaves the request unknown")
    func silence() async throws {
        let peer = try HTTPPeer(script: [.silence])
        defer { peer.stop() }
        #expect(await post(peer, timeout: .seconds(3)).failure?.kind == .unknown)
        await transfers.shutdown()
    }

    @Test("where nobody listens nothing is handed over")
    func unreachable() async throws {
        let peer = try HTTPPeer()
        peer.stop()
        let folder = try TemporaryFolder()
        let exchange = HTTPExchange(method: "POST", url: "http://x/", unixSocket: folder.file("none"), body: [1])
        #expect(await transfers.http(exchange).failure?.kind == .unreachable)
        let other = HTTPExchange(method: "POST", url: "http://127.0.0.1:1/", body: [1])
        #expect(await transfers.http(other).failure?.kind == .unreachable)
        await transfers.shutdown()
    }

    @Test("an answer larger than allowed is not read to its end")
    func tooLarge() async throws {
        let body = String(repeating: "x", count: 5000)
        let answer = HTTPPeer.Reaction.answer("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n\(body)")
        let peer = try HTTPPeer(script: [answer, answer])
        defer { peer.stop() }
        var exchange = HTTPExchange(method: "GET", url: peer.url, maximumAnswerBytes: 4999)
        #expect(await transfers.http(exchange).failure?.kind == .tooLarge)
        exchange.maximumAnswerBytes = 5100
        #expect(await transfers.http(exchange).answer?.body.count == 5000)
        await transfers.shutdown()
    }
}
