import Testing
import Transfer

@Suite("HTTPS requests")
struct HTTPSTests {
    private let transfers = Transfers()

    @Test("a certificate that nobody vouches for is refused, and accepted with its file")
    func unknownAuthority() async throws {
        let certificate = try await Certificate()
        let peer = try await TLSPeer(certificate)
        defer { peer.stop() }
        var exchange = HTTPExchange(method: "POST", url: "https://127.0.0.1:\(peer.port)/", body: [1])
        #expect(await transfers.http(exchange).failure?.kind == .unreachable)
        exchange = HTTPExchange(
            method: "GET",
            url: "https://127.0.0.1:\(peer.port)/",
            caFile: certificate.certificate
        )
        #expect(await transfers.http(exchange).answer?.status == 200)
        await transfers.shutdown()
    }

    @Test("a certificate of another name is refused")
    func otherName() async throws {
        let certificate = try await Certificate(subject: "DNS:other.example")
        let peer = try await TLSPeer(certificate)
        defer { peer.stop() }
        let exchange = HTTPExchange(
            method: "GET",
            url: "https://127.0.0.1:\(peer.port)/",
            caFile: certificate.certificate
        )
        #expect(await transfers.http(exchange).failure?.kind == .unreachable)
        await transfers.shutdown()
    }

    @Test("a file of certificates that is not there makes the server unreachable")
    func missingFile() async throws {
        let certificate = try await Certificate()
        let peer = try await TLSPeer(certificate)
        defer { peer.stop() }
        let exchange = HTTPExchange(method: "GET", url: "https://127.0.0.1:\(peer.port)/", caFile: "/none.pem")
        #expect(await transfers.http(exchange).failure?.kind == .unreachable)
        await transfers.shutdown()
    }
}
