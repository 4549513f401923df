import Foundation
import Processes
import TestSupport
import Testing
import Transfer

/// A Postfix of its own for one test, with its files in a temporary folder and its port on 127.0.0.1.
final class Postfix: Sendable {
    private static let program = "/usr/sbin/postfix"

    /// It runs its parts as several users, which only root may.
    static let canRun = geteuid() == 0 && FileManager.default.isExecutableFile(atPath: program)
    static let requirement: Comment =
        "A private Postfix needs root and Debian's package postfix, which `.ci/setup test` installs."

    private let port: Int
    private let folder: TemporaryFolder
    private let shell: Child

    /// Runs it until there is a file `stop`, or the test's process has died without leaving one.
    private static let script = """
        "$1" -c "$2/config" start >/dev/null || exit
        echo started
        while [ ! -e "$2/stop" ] && kill -0 $PPID 2>/dev/null; do sleep 0.05; done
        "$1" -c "$2/config" stop
        """

    /// Starts it, lends it to the body, and stops it.
    ///
    /// `settings`: What is not as usual.
    ///
    /// `subject`: The name in its certificate.
    static func run<Result>(
        _ settings: PostfixSettings = PostfixSettings(),
        subject: String = "IP:127.0.0.1",
        _ body: (Postfix) async throws -> Result
    ) async throws -> Result {
        let postfix = try await Postfix(settings, subject: subject)
        do {
            // Postfix says that it has started when it listens.
            guard await postfix.shell.lines.first(where: { _ in true }) != nil else {
                throw Disappointment(description: "Postfix did not start: \(postfix.log)")
            }
            let result = try await body(postfix)
            await postfix.stop()
            return result
        } catch {
            await postfix.stop()
            throw error
        }
    }

    private init(_ settings: PostfixSettings, subject: String) async throws {
        (folder, port) = (try TemporaryFolder(), try LocalPort.free())
        let files = FileManager.default
        // Its users are to reach what is theirs.
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        for (name, owner) in [("config", "root"), ("queue", "root"), ("data", "postfix"), ("mail", "nobody")] {
            try files.createDirectory(atPath: folder.file(name), withIntermediateDirectories: true)
            try files.setAttributes(
                [.posixPermissions: 0o755, .ownerAccountName: owner],
                ofItemAtPath: folder.file(name)
            )
        }
        let texts = [("main.cf", settings.main(folder: folder.path)), ("master.cf", settings.master(port: port))]
        for (name, text) in texts {
            let path = folder.file("config/" + name)
            try text.write(toFile: path, atomically: false, encoding: .utf8)
            // A file of the last seconds Postfix thinks is still being written, and waits.
            try files.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: path)
        }
        try await Certificate.make(subject: subject, at: folder.file("server"))
        let shell = await Child.start("/bin/sh", ["-c", Self.script, "sh", Self.program, folder.path])
        guard let shell else { throw Disappointment(description: "The shell did not start.") }
        self.shell = shell
    }

    /// Returns when all of it has ended.
    func stop() async {
        _ = FileManager.default.createFile(atPath: folder.file("stop"), contents: nil)
        _ = await shell.exitCode()
    }
}

extension Postfix {
    /// The server for a client that trusts its certificate.
    var server: MailServer {
        MailServer(
            url: "smtp://127.0.0.1:\(port)",
            tls: .required,
            caFile: folder.file("server.pem"),
            heloName: "client.example"
        )
    }

    /// Its log.
    var log: [String] {
        // Before it has started there is no file.
        let text = (try? String(contentsOfFile: folder.file("log"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    var connections: Int { log.count { $0.contains("]: connect from ") } }

    /// Waits for a line of the log.
    func line(with text: String) async throws -> String {
        try await eventually("\(text) in \(log)") { log.first { $0.contains(text) } }
    }

    /// Waits until so many mails are in a mailbox, and returns their files.
    func mails(_ count: Int = 1, in mailbox: String = "person") async throws -> [String] {
        try await eventually("\(count) mails in \(log)") {
            let folder = folder.file("mail/\(mailbox)/new")
            // The first mail makes the mailbox.
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.count >= count ? names.sorted().map { folder + "/" + $0 } : nil
        }
    }
}
