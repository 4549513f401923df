import Foundation
import Glibc

/// The `openssl` command as an HTTPS server.
struct TLSPeer {
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
