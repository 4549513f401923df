import Foundation
import Glibc
import Processes
import TestSupport
import Testing

/// An nginx of its own for one test, with the configuration of docs/operating.md and a certificate for 127.0.0.1.
final class Nginx: Sendable {
    private static let program = "/usr/sbin/nginx"
    static let canRun = FileManager.default.isExecutableFile(atPath: program)
    static let requirement: Comment = "This needs Debian's package nginx, which `.ci/setup test` installs."

    let url: String
    var caFile: String { folder.file("server.pem") }
    private let folder: TemporaryFolder
    private let child: Child

    /// Starts it before a server, lends it to the body, and stops it.
    static func run(before server: String, _ body: (Nginx) async throws -> Void) async throws {
        let nginx = try await Nginx(before: server)
        let result: Result<Void, any Error>
        do {
            try await eventually("an nginx that listens: \(nginx.log)") { (try? RawConnection(nginx.url)) != nil }
            result = .success(try await body(nginx))
        } catch {
            result = .failure(error)
        }
        nginx.child.terminate()
        _ = await nginx.child.exitCode()
        try result.get()
    }

    private init(before server: String) async throws {
        folder = try TemporaryFolder()
        let port = try freePort()
        url = "https://127.0.0.1:\(port)"
        try Nginx.settings(folder: folder, port: port, server: server)
            .write(toFile: folder.file("nginx.conf"), atomically: false, encoding: .utf8)
        let made = await Child.start(
            "/bin/sh",
            [
                "-c", "exec openssl \"$@\" 2>/dev/null", "sh", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=proxy", "-addext",
                "subjectAltName=IP:127.0.0.1", "-keyout", folder.file("server.key"), "-out", folder.file("server.pem"),
            ]
        )
        guard await made?.exitCode() == 0 else { throw Disappointment("There is no certificate.") }
        let words = [
            "-c", "exec setpriv --pdeathsig KILL \"$0\" \"$@\" 2>/dev/null", Nginx.program, "-p", folder.path, "-c",
            folder.file("nginx.conf"), "-e", folder.file("log"),
        ]
        guard let child = await Child.start("/bin/sh", words) else { throw Disappointment("nginx did not start.") }
        self.child = child
    }

    /// What it has to complain of.
    private var log: String {
        String(decoding: FileManager.default.contents(atPath: folder.file("log")) ?? Data(), as: UTF8.self)
    }

    /// One process, its files in the folder; the rest as an operator is told to write it.
    private static func settings(folder: TemporaryFolder, port: UInt16, server: String) throws -> String {
        let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/operating.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        guard let start = text.range(of: "```nginx\n"),
            let end = text.range(of: "```", range: start.upperBound..<text.endIndex)
        else { throw Disappointment("docs/operating.md has no configuration of nginx.") }
        var block = String(text[start.upperBound..<end.lowerBound])
        for (old, new) in [
            ("listen 443 ssl;", "listen 127.0.0.1:\(port) ssl;"),
            ("server 127.0.0.1:8440;", "server \(server.dropFirst("http://".count));"),
            ("/etc/ssl/post.example.com.pem", folder.file("server.pem")),
            ("/etc/ssl/private/post.example.com.key", folder.file("server.key")),
        ] {
            guard block.contains(old) else { throw Disappointment("The configuration of nginx has no \(old)") }
            block.replace(old, with: new)
        }
        let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(folder.file($0));" }
        return """
            daemon off;
            master_process off;
            pid \(folder.file("pid"));
            error_log \(folder.file("log"));
            events {}
            http {
            access_log off;
            \(places.joined(separator: "\n"))
            \(block)
            }

            """
    }
}
