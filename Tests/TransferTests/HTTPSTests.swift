import Foundation
import Glibc
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

/// The `openssl` command as an HTTPS server.
private struct TLSPeer {
    struct Failure: Error {}

    let port: Int
    private let process = Process()

    init(_ certificate: Certificate) async throws {
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = [
            "s_server", "-www", "-accept", "127.0.0.1:0", "-cert", certificate.certificate, "-key", certificate.key,
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let line = await output.firstLine(startingWith: "ACCEPT")
        guard let port = line?.split(separator: ":").last.flatMap({ Int($0) }) else { throw Failure() }
        self.port = port
    }

    func stop() { kill(process.processIdentifier, SIGKILL) }
}
