import JSON
import Testing

@Suite("The gatepost command at a terminal", .timeLimit(.minutes(12)))
struct TerminalTests {
    /// Runs the command at a terminal of its own, by script(1), and returns what is shown there.
    private func show(
        _ words: String,
        columns: Int,
        of post: Installation,
        variables: [String] = []
    ) async throws -> [String] {
        let line = "stty cols \(columns) rows 50; \(Programs.path("gatepost")) \(words)"
        let run = try await post.run(
            "/usr/bin/script",
            ["--quiet", "--return", "--command", line, "/dev/null"],
            variables: ["TERM=xterm", "NO_COLOR="] + variables
        )
        #expect(run.code == 0)
        // A terminal ends its lines by CR LF, which is one character.
        return run.output.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    }

    /// Without colours.
    private func plain(_ line: String) -> String { line.replacing(/\u{1b}\[[0-9]+m/, with: "") }

    @Test(
        "fits a table to the terminal, and sets each delivery as a block where it is narrow; elsewhere nothing is cut"
    )
    func widths() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.up()
            let id = try #require(
                try await post.gatepost("emit", "sign_up", "--email", "bobby@example.com", "--json")
                    .json["deliveries"]?.array?.first?["id"]?.string
            )
            for columns in [200, 130, 60] {
                let lines = try await show("list", columns: columns, of: post).map(plain)
                #expect(lines.allSatisfy { $0.count <= columns }, "\(columns) columns")
                #expect(lines.contains { $0.contains(id) }, "ids are there to be copied")
            }
            let narrow = try await show("list", columns: 60, of: post).map(plain)
            #expect(narrow.contains { $0.hasPrefix("purpose ") && $0.hasSuffix(" sign_up") })
            let piped = try await post.gatepost("list")
            #expect(piped.output.hasPrefix("id ") && piped.output.contains("reason"))
            #expect(!piped.output.contains("\u{1b}"))
        }
    }

    @Test("shows colours at a terminal only, and none where NO_COLOR is set or the terminal has none")
    func colours() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.up()
            let escape = "\u{1b}["
            #expect(try await show("status", columns: 120, of: post).contains { $0.contains(escape) })
            #expect(
                try await !show("status", columns: 120, of: post, variables: ["NO_COLOR=1"]).contains {
                    $0.contains(escape)
                }
            )
            #expect(
                try await !show("status", columns: 120, of: post, variables: ["TERM=dumb"]).contains {
                    $0.contains(escape)
                }
            )
            #expect(try await !post.gatepost("status").output.contains(escape))
        }
    }
}
