import Configuration
import Foundation

/// What a command was asked for, and with what.
struct Invocation {
    var arguments: ProgramArguments
    let environment: [String: String]
    let isJSON: Bool
    let config: String?
}

/// A command's end: 1 with a reason for standard error, 2 and the rest as CONTRACT says.
struct CommandFailure: Error {
    var exitCode: Int32
    var reason: String

    init(_ exitCode: Int32 = 1, _ reason: String) {
        (self.exitCode, self.reason) = (exitCode, reason)
    }
}

/// One command of the tool.
struct Command: Sendable {
    var name: String
    /// What follows the name.
    var usage: String
    var summary: String
    var run: @Sendable (inout Invocation) async throws -> Void
}

enum CommandLineTool {
    static let commands: [Command] = [
        .initialize, .up, .emit, .verify,
        .status, .list, .show, .explain,
        .cancel, .dead, .replay, .pause, .resume, .suppress, .hold, .erase,
        .spend, .ledger,
        .price, .template,
        .sandbox, .token, .key, .backup, .restore, .migrate, .doctor, .bench,
    ]

    /// Returns the exit code: 0 done, 1 refused or failed, 2 wrong usage, 69 server not reachable, 78 bad settings.
    static func run(_ words: [String], environment: [String: String]) async -> Int32 {
        var arguments = ProgramArguments(words)
        do {
            if arguments.flag("version") {
                say("gatepost \(version)")
                return 0
            }
            if arguments.flag("manual") {
                say(ManualPage.text(of: commands))
                return 0
            }
            let wantsHelp = arguments.flag("help") || words.isEmpty
            let config = try arguments.option("config")
            let isJSON = arguments.flag("json")
            guard let name = arguments.word() else {
                say(help)
                return wantsHelp ? 0 : 2
            }
            guard let command = commands.first(where: { $0.name == name }) else {
                throw UsageError("there is no command \(name)" + suggestion(for: name))
            }
            if wantsHelp {
                say(help(for: command))
                return 0
            }
            var invocation = Invocation(
                arguments: arguments,
                environment: environment,
                isJSON: isJSON,
                config: config
            )
            try await command.run(&invocation)
            return 0
        } catch let error as CommandFailure {
            complain(error.reason)
            return error.exitCode
        } catch let error as UsageError {
            complain(error.description + "; see `gatepost --help`")
            return 2
        } catch {
            let failure = StartFailure(error)
            complain(failure.description)
            return failure.exitCode
        }
    }

    static func complain(_ sentence: String) { tell("gatepost: \(sentence)") }

    /// Writes a line on standard error at once, beside what a command prints.
    static func tell(_ line: String) {
        // There is nowhere else to tell it.
        _ = try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
    }

    private static var help: String {
        let width = commands.map { $0.name.count }.max() ?? 0
        let lines = commands.map { command in
            "  \(command.name)\(String(repeating: " ", count: width - command.name.count))  \(command.summary)"
        }
        return """
            gatepost: the post office behind a sign-up API

            usage: gatepost COMMAND [--config FILE] [--json] [--help]

            \(lines.joined(separator: "\n"))

            The settings are --config, GATEPOST_CONFIG, ./gatepost.toml or /etc/gatepost/gatepost.toml.
            Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 69 server not reachable, 78 bad settings.
            """
    }

    private static func help(for command: Command) -> String {
        let usage = command.usage.isEmpty ? command.name : "\(command.name) \(command.usage)"
        return "usage: gatepost \(usage)\n\n\(command.summary)"
    }

    /// The nearest command, where it is near.
    private static func suggestion(for name: String) -> String {
        let nearest = commands.map { ($0.name, distance($0.name, name)) }.min { $0.1 < $1.1 }
        guard let nearest, nearest.1 <= 2 else { return "" }
        return "; did you mean \(nearest.0)?"
    }

    /// Letters to add, drop or change (Levenshtein).
    private static func distance(_ left: String, _ right: String) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                (diagonal, row[j + 1]) = (row[j + 1], min(row[j] + 1, row[j + 1] + 1, diagonal + (a == b ? 0 : 1)))
            }
        }
        return row[right.count]
    }
}
