import Processes

/// The `openssl` command as an HTTPS server.
struct TLSPeer {
    struct Failure: Error {}

    let port: Int
    private let program: Child

    init(_ certificate: Certificate) async throws {
        let arguments = [
            "s_server", "-www", "-accept", "127.0.0.1:0", "-cert", certificate.certificate, "-key", certificate.key,
        ]
        guard let program = await Child.start(peer: "/usr/bin/openssl", arguments) else { throw Failure() }
        let line = await program.firstLine(startingWith: "ACCEPT")
        guard let port = line?.split(separator: ":").last.flatMap({ Int($0) }) else {
            program.kill()
            throw Failure()
        }
        (self.port, self.program) = (port, program)
    }

    func stop() { program.kill() }
}
