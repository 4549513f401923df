import Foundation
import Testing

@Suite("The list of commands", .timeLimit(.minutes(12)))
struct CommandReferenceTests {
    @Test("has every command with its usage, as the program tells it")
    func complete() async throws {
        await Turns.shared.take()
        defer { Turns.shared.giveBack() }
        let text = try await CommandReference.made()
        let file = Guide.root.appending(path: CommandReference.document)
        if ProcessInfo.processInfo.environment["GATEPOST_WRITE_DOCS"] == "1" {
            try Data(text.utf8).write(to: file)
        }
        let documented = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
        for (line, made) in zip(documented, text.components(separatedBy: "\n")) where line != made {
            Issue.record(
                "\(CommandReference.document) says `\(line)`, it is `\(made)`; write it: GATEPOST_WRITE_DOCS=1"
            )
            return
        }
        #expect(documented.count == text.components(separatedBy: "\n").count)
    }
}

/// `docs/commands.md`, which is made from what the program says of itself.
enum CommandReference {
    static let document = "docs/commands.md"

    private static let beginning = """
        # Commands

        This page is made from what `gatepost --help` and `gatepost COMMAND --help` say. `--config FILE`, `--json` and `--help` go
        with every command. [first-hour.md](first-hour.md) shows the common ones at work, [operating.md](operating.md) those for bad
        days.
        """

    /// - Throws: ``Disappointment`` where a command does not explain itself.
    static func made() async throws -> String {
        let shell = try await GuideShell(variables: [])
        let result: Result<String, any Error>
        do { result = .success(try await text(shell)) } catch { result = .failure(error) }
        await shell.end()
        return try result.get()
    }

    private static func text(_ shell: GuideShell) async throws -> String {
        func help(_ words: String) async throws -> [String] {
            let (start, code) = try await shell.run("\(words) --help")
            let lines = shell.output(since: start)
            guard code == 0, !lines.isEmpty else { throw Disappointment("`\(words) --help` ended with \(code)") }
            return lines
        }
        func block(_ words: String, _ lines: [String]) -> String {
            (["```console", "$ \(words) --help"] + lines + ["```"]).joined(separator: "\n")
        }
        let overview = try await help("gatepost")
        var parts = [beginning, block("gatepost", overview)]
        for name in overview.compactMap({ $0.firstMatch(of: #/^  ([a-z]+)  /#).map { String($0.1) } }) {
            parts.append("## \(name)\n\n" + block("gatepost \(name)", try await help("gatepost \(name)")))
        }
        parts.append(
            "## Stand-ins for gateways\n\n`gatepost-demo` has the gateways that `make demo` uses, for rehearsals.\n\n"
                + block("gatepost-demo", try await help("gatepost-demo"))
        )
        return parts.joined(separator: "\n\n") + "\n"
    }
}
