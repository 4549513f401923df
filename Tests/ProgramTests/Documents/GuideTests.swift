import Testing

@Suite("A document", .timeLimit(.minutes(12)))
struct GuideTests {
    /// Those with commands; the list of all commands has a test of its own.
    private static var withCommands: [String] {
        get throws { try Guide.all().filter { try $0 != CommandReference.document && !Guide($0).steps.isEmpty } }
    }

    @Test("does what it shows, from its first command to its last", arguments: try withCommands)
    func runs(_ name: String) async throws {
        await Turns.shared.take()
        defer { Turns.shared.giveBack() }
        for complaint in try await GuideRun.run(name) { Issue.record("\(complaint)") }
    }

    /// Fenced blocks that hold no commands.
    private static let silent = ["", "toml", "json", "ini", "nginx", "yaml", "text", "csv"]

    @Test("has its commands where they are run: in blocks console and sh, and nowhere else", arguments: try Guide.all())
    func kinds(_ name: String) throws {
        let guide = try Guide(name)
        var inside: Set<Int> = []
        for block in guide.blocks {
            inside.formUnion(block.start - 1...block.end)
            if block.language == "console" {
                #expect(block.lines.first?.hasPrefix("$ ") == true, "\(name):\(block.start + 1)")
            } else if block.language != "sh" {
                #expect(GuideTests.silent.contains(block.language), "\(name):\(block.start): ```\(block.language)")
                #expect(!block.lines.contains { $0.hasPrefix("$ ") }, "\(name):\(block.start): commands")
            }
        }
        for (index, line) in guide.lines.enumerated() where !inside.contains(index) {
            let isCommand = line.contains(#/^\s+\$ /#) || line.hasPrefix("$ ")
            #expect(!isCommand, "\(name):\(index + 1): a command outside of a block")
        }
    }

    @Test("leaves out only commands that no test can run, each for a reason that still holds", arguments: NotRun.all)
    func notRun(_ entry: NotRun) throws {
        #expect(!entry.reason.isEmpty)
        let isThere = try Guide(entry.document).steps.contains { step in
            guard case .command(let command) = step else { return false }
            return command.text.hasPrefix(entry.beginning)
        }
        #expect(isThere, "\(entry.document) has no command that begins with \(entry.beginning)")
    }
}
