/// Commands of documents that no test can run, each with its reason; everything else runs.
struct NotRun {
    var document: String
    /// How the command begins, or the first line of its block.
    var beginning: String
    var reason: String

    static let all: [NotRun] = [
        NotRun(document: "README.md", beginning: "make demo", reason: "it builds all programs for release"),
        NotRun(document: "README.md", beginning: "make install", reason: "it writes below /usr/local"),
        NotRun(document: "docs/architecture.md", beginning: "GATEPOST_WRITE_DOCS", reason: "it is this test itself"),
        NotRun(document: "docs/operating.md", beginning: "useradd", reason: "it makes a user of the machine"),
        NotRun(document: "docs/operating.md", beginning: "systemctl stop", reason: "it stops a service of the machine"),
        NotRun(document: "docs/performance.md", beginning: "make bench", reason: "it builds all programs for release"),
        NotRun(document: "docs/performance.md", beginning: "gatepost bench", reason: "it measures for minutes"),
        NotRun(document: "docs/testing.md", beginning: "make storm", reason: "it takes as long as it is told to"),
        NotRun(document: "docs/first-hour.md", beginning: "make demo", reason: "it builds all programs for release"),
    ]

    /// The entry for a command.
    static func entry(_ document: String, _ command: String) -> NotRun? {
        all.first { $0.document == document && command.hasPrefix($0.beginning) }
    }
}
