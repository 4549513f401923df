import Foundation

/// A document of this project, as far as it is run: its fenced blocks in their order.
struct Guide {
    /// A fenced block.
    struct Block {
        /// The word behind the fence; empty without one.
        var language: String
        /// The index of its first line, behind the fence.
        var start: Int
        var lines: [String]

        var end: Int { start + lines.count }
    }

    /// One thing to do.
    enum Step {
        /// `<!-- scene: NAME -->`: what is there before the commands that follow.
        case scene(String, line: Int)
        case command(Command)
    }

    /// A command and what the document shows of its output.
    struct Command {
        var text: String
        /// The index of the line that it stands in.
        var line: Int
        /// Where the output stands; `nil` where none is shown and any is right.
        var shown: Range<Int>?
        /// Whether each command in it must end with 0; in a console the output tells.
        var mustSucceed: Bool
    }

    static let root = PythonPeer.root

    /// The path from the root, such as `docs/api.md`.
    let name: String
    var lines: [String]
    let blocks: [Block]

    init(_ name: String) throws {
        self.name = name
        let text = try String(contentsOf: Guide.root.appending(path: name), encoding: .utf8)
        lines = text.components(separatedBy: "\n")
        blocks = Guide.blocks(of: lines)
    }

    /// README and everything below `docs/`, by path.
    static func all() throws -> [String] {
        let docs = try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: "docs").path)
        return ["README.md"] + docs.filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }.sorted()
    }

    private static func blocks(of lines: [String]) -> [Block] {
        var blocks: [Block] = []
        var open: Block?
        for (index, line) in lines.enumerated() {
            let text = line.trimmingCharacters(in: .whitespaces)
            if var block = open {
                if text == "```" {
                    blocks.append(block)
                    open = nil
                } else {
                    block.lines.append(line)
                    open = block
                }
            } else if text.hasPrefix("```") {
                open = Block(language: String(text.dropFirst(3)), start: index + 1, lines: [])
            }
        }
        return blocks
    }

    // MARK: Steps

    /// Scenes and commands in the order of the document.
    var steps: [Step] {
        var steps: [(line: Int, step: Step)] = []
        for (index, line) in lines.enumerated() {
            guard line.hasPrefix("<!-- scene: "), line.hasSuffix(" -->") else { continue }
            steps.append((index, .scene(String(line.dropFirst(12).dropLast(4)), line: index)))
        }
        for (number, block) in blocks.enumerated() {
            switch block.language {
            case "console": steps += Guide.console(block).map { ($0.line, .command($0)) }
            case "sh":
                let next = number + 1 < blocks.count ? blocks[number + 1] : nil
                let command = Command(
                    text: block.lines.joined(separator: "\n"),
                    line: block.start,
                    shown: next.flatMap { answers(to: block, $0) ? $0.start..<$0.end : nil },
                    mustSucceed: true
                )
                steps.append((block.start, .command(command)))
            default: break
            }
        }
        return steps.sorted { $0.line < $1.line }.map(\.step)
    }

    /// JSON or text right behind a block of commands is what they answer.
    private func answers(to block: Block, _ next: Block) -> Bool {
        ["json", "text"].contains(next.language) && lines[(block.end + 1)..<(next.start - 1)].allSatisfy(\.isEmpty)
    }

    /// `$ ` begins a command, `> ` goes on with it, everything else is output.
    private static func console(_ block: Block) -> [Command] {
        var commands: [Command] = []
        for (offset, line) in block.lines.enumerated() {
            let index = block.start + offset
            if line.hasPrefix("$ ") {
                commands.append(
                    Command(
                        text: String(line.dropFirst(2)),
                        line: index,
                        shown: index + 1..<index + 1,
                        mustSucceed: false
                    )
                )
            } else if var command = commands.popLast() {
                let isBegun = command.shown?.isEmpty == true
                if isBegun, line.hasPrefix("> ") || line == ">" {
                    command.text += "\n" + line.dropFirst(2)
                    command.shown = index + 1..<index + 1
                } else {
                    command.shown = (command.shown?.lowerBound ?? index)..<index + 1
                }
                commands.append(command)
            }
        }
        return commands
    }
}
