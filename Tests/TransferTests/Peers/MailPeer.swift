import Foundation
import Processes

/// `Tests/Peers/smtp_peer.py`: a server of foreign make, with TLS and login.
final class MailPeer: Sendable {
    /// What the peer read in a mail.
    struct Mail: Decodable, Equatable {
        var from: String
        var to: [String]
        var options: [String]
        var tls: Bool
        var login: String?
        var headers: [[String]]
        var text: String?
        var html: String?
        var defects: [String]
    }

    enum Failure: Error, CustomStringConvertible {
        case noPython
        case noPort

        var description: String {
            switch self {
            case .noPython:
                """
                The peer for TLS and login did not start: set GATEPOST_TEST_PYTHON to the python of a virtual \
                environment with Tests/Peers/requirements.txt (python3 -m venv .build/venv, then .build/venv/bin/pip \
                install -r Tests/Peers/requirements.txt).
                """
            case .noPort: "The peer for TLS and login did not start: it printed no port."
            }
        }
    }

    enum Mode: String {
        case plain
        case starttls
        case tls
    }

    let port: Int
    private let folder: TemporaryFolder
    private let program: Child

    init(
        mode: Mode = .plain,
        certificate: Certificate? = nil,
        mechanisms: [String] = [],
        login: (String, String)? = nil
    ) async throws {
        guard let python = ProcessInfo.processInfo.environment["GATEPOST_TEST_PYTHON"] else { throw Failure.noPython }
        let folder = try TemporaryFolder()
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Peers/smtp_peer.py").standardized.path
        var arguments = [script, folder.path, "--mode", mode.rawValue]
        if let certificate { arguments += ["--cert", certificate.certificate, "--key", certificate.key] }
        if let login { arguments += ["--user", login.0, "--password", login.1, "--auth"] + mechanisms }
        guard let program = await Child.start(peer: python, arguments) else { throw Failure.noPython }
        guard let port = await program.firstLine().flatMap({ Int($0) }) else {
            program.kill()
            throw Failure.noPort
        }
        (self.port, self.folder, self.program) = (port, folder, program)
    }

    deinit { program.kill() }

    /// The mail so many-th, counted from 1, which has been accepted.
    func mail(_ number: Int = 1) throws -> Mail {
        try JSONDecoder().decode(Mail.self, from: Data(contentsOf: URL(filePath: folder.file("\(number).json"))))
    }

    /// The same as it came over the wire.
    func bytes(_ number: Int = 1) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(filePath: folder.file("\(number).eml"))))
    }

    var count: Int { get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).count / 2 } }
}
