import Foundation
import Processes
import TestSupport
import Transfer

/// Postfix's `smtp-sink`: a server that takes mails, or fails at the command that its options name.
final class SinkProgram: Sendable {
    private static let path = "/usr/sbin/smtp-sink"
    static let isInstalled = FileManager.default.isExecutableFile(atPath: path)

    private let port: Int
    private let folder: TemporaryFolder
    private let program: Child

    /// Starts it, lends it to the body, and stops it.
    static func run<Result>(
        _ options: [String] = [],
        _ body: (SinkProgram) async throws -> Result
    ) async throws -> Result {
        let sink = try await SinkProgram(options)
        do {
            try await eventually("smtp-sink at its port; it says: \(sink.lines)") {
                LocalPort.isListening(sink.port) ? () : nil
            }
            let result = try await body(sink)
            await sink.stop()
            return result
        } catch {
            await sink.stop()
            throw error
        }
    }

    private init(_ options: [String]) async throws {
        (folder, port) = (try TemporaryFolder(), try LocalPort.free())
        let mails = folder.file("mails")
        try FileManager.default.createDirectory(atPath: mails, withIntermediateDirectories: true)
        // It does not run as root, and is to write the mails.
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: mails)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        let user = geteuid() == 0 ? ["--reuid", "nobody", "--regid", "nogroup", "--clear-groups"] : []
        // -v tells of each connection and command.
        let arguments = ["-v", "-d", mails + "/m."] + options + ["127.0.0.1:\(port)", "64"]
        let program = await Child.start(
            "/bin/sh",
            ["-c", "log=$1; shift; exec setpriv --pdeathsig KILL \"$@\" 2>\"$log\"", "sh", folder.file("log")] + user
                + [Self.path] + arguments
        )
        guard let program else { throw Disappointment(description: "The shell did not start.") }
        self.program = program
    }

    private func stop() async {
        program.kill()
        _ = await program.exitCode()
    }

    var server: MailServer { MailServer(url: "smtp://127.0.0.1:\(port)", tls: .none, heloName: "client.example") }

    /// What it said: one line for each connection and each command, in small letters.
    var lines: [String] {
        // Before it has started there is no file.
        let text = (try? String(contentsOfFile: folder.file("log"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { String($0.trimmingPrefix("\(Self.path): ")) }
    }

    /// How many connections it took since it was found ready, which took one.
    var connections: Int { lines.count { $0.hasPrefix("connect ") } - 1 }

    /// The mails it took, with the fields that it put before them.
    var mails: [String] {
        get throws {
            let folder = folder.file("mails")
            return try FileManager.default.contentsOfDirectory(atPath: folder).map {
                try String(contentsOfFile: folder + "/" + $0, encoding: .utf8)
            }
        }
    }
}
