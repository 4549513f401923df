import Foundation

/// One document, done from top to bottom in a shell of its own, and what was otherwise than it says.
struct GuideRun {
    /// What a reader does again until it shows what was waited for: it only looks.
    private static let looks = [
        "gatepost status", "gatepost show", "gatepost explain", "gatepost doctor", "gatepost list", "gatepost dead",
        "gatepost spend",
        "gatepost sandbox show", "gatepost sandbox list", "gatepost ledger export", "gatepost token list", "cat ",
        "tail ", "grep ", "sort ",
    ]

    private static func onlyLooks(_ command: String) -> Bool {
        looks.contains { command.hasPrefix($0) } && !command.contains("--output") && !command.contains(">")
    }

    private var guide: Guide
    private let shell: GuideShell
    private let ports: GuidePorts
    private let stage: GuideStage
    private var book = NameBook()
    private var edits: [(range: Range<Int>, lines: [String])] = []
    private var complaints: [String] = []
    private let writes = ["1", "all"].contains(ProcessInfo.processInfo.environment["GATEPOST_WRITE_DOCS"])
    /// Whether also what is as shown is written, so that all of a document is of one run.
    private let writesAll = ProcessInfo.processInfo.environment["GATEPOST_WRITE_DOCS"] == "all"

    private init(_ guide: Guide) async throws {
        self.guide = guide
        ports = try GuidePorts()
        shell = try await GuideShell(variables: ["GATEPOST_SERVER_LISTEN=127.0.0.1:\(ports.real("8440"))"])
        stage = GuideStage(shell)
    }

    /// Does what a document says; with `GATEPOST_WRITE_DOCS=1` puts into it what was answered otherwise, with `all` everything.
    ///
    /// - Returns: What was otherwise than the document shows, the first place of it.
    static func run(_ name: String) async throws -> [String] {
        var run = try await GuideRun(Guide(name))
        let result: Result<Void, any Error>
        do { result = .success(try await run.doAll()) } catch { result = .failure(error) }
        run.stage.end()
        await run.shell.end()
        try result.get()
        try run.write()
        return run.complaints
    }

    private mutating func doAll() async throws {
        for step in guide.steps where writes || complaints.isEmpty {
            switch step {
            case .scene(let name, let line):
                guard let scene = GuideScene.all[name] else {
                    complaints.append("\(place(line)): there is no scene \(name)")
                    continue
                }
                try await scene(stage)
            case .command(let command):
                guard NotRun.entry(guide.name, command.text) == nil else { continue }
                do {
                    try await run(command)
                } catch let error as Disappointment {
                    complaints.append("\(place(command.line)): \(error)")
                }
            }
        }
    }

    private func place(_ line: Int) -> String { "\(guide.name):\(line + 1)" }

    // MARK: A command

    private mutating func run(_ command: Guide.Command) async throws {
        let text = ports.toReal(try book.command(command.text)).replacing("/home/me", with: shell.home)
        var (start, code) = try await shell.run(text, mustSucceed: command.mustSucceed)
        if command.mustSucceed, code != 0 {
            let output = shell.output(since: start).joined(separator: "\n")
            throw Disappointment("it ended with \(code): \(output)")
        }
        guard let range = command.shown else { return }
        let shown = clean(Array(guide.lines[range]))
        let leavesRunning = command.text.hasSuffix("&")
        let again = leavesRunning || GuideRun.onlyLooks(command.text)
        let end = ContinuousClock.now + (again ? writes ? .seconds(12) : patience : .zero)
        var got = read(since: start)
        while try !isSame(shown, got, inAnyOrder: leavesRunning), ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(100))
            if !leavesRunning { (start, code) = try await shell.run(text) }
            got = read(since: start)
        }
        try judge(command, range, shown, got, isSame: isSame(shown, got, inAnyOrder: leavesRunning))
    }

    /// What was printed, as it would have been on the reader's machine.
    private func read(since start: Int) -> [String] {
        clean(
            shell.output(since: start).map { line in
                ports.toShown(line.replacing(shell.home, with: "/home/me"))
            }
        )
    }

    private func clean(_ lines: [String]) -> [String] {
        var lines = lines.map { $0.replacing(#/\s+$/#, with: "") }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private func isSame(_ shown: [String], _ got: [String], inAnyOrder: Bool) throws -> Bool {
        let (left, right) = (try Variation.skeletons(shown), try Variation.skeletons(got))
        return inAnyOrder ? left.sorted() == right.sorted() : left == right
    }

    /// Learns what the names stand for; where the document shows something else, complains or notes what to write.
    private mutating func judge(
        _ command: Guide.Command,
        _ range: Range<Int>,
        _ shown: [String],
        _ got: [String],
        isSame: Bool
    ) throws {
        let old = try names(shown)
        let new = try names(got)
        if isSame {
            let pairs = zip(old, new).map { (name: $0.text, reality: $1.text) }
            guard let contradiction = book.learn(pairs) else {
                if writesAll, !got.isEmpty { try write(got, to: range) }
                return
            }
            complaints.append("\(place(command.line)): \(contradiction)")
        } else {
            complaints.append(
                """
                \(place(command.line)): $ \(command.text)
                shows
                \(shown.joined(separator: "\n"))
                and it was
                \(try book.output(got.joined(separator: "\n")))
                Where that is right, run the test with GATEPOST_WRITE_DOCS=1.
                """
            )
        }
        guard writes else { return }
        complaints.removeLast()
        for kind in Set(new.map(\.kind)) {
            let (before, now) = (old.filter { $0.kind == kind }, new.filter { $0.kind == kind })
            let fits =
                before.count == now.count
                && book.learn(zip(before, now).map { (name: $0.text, reality: $1.text) }) == nil
            // What has no name yet keeps its own; what has one keeps that.
            if !fits { for name in now { _ = book.learn([(name: name.text, reality: name.text)]) } }
        }
        try write(got, to: range)
    }

    private mutating func write(_ lines: [String], to range: Range<Int>) throws {
        let text = try book.output(lines.joined(separator: "\n"))
        edits.append((range, lines.isEmpty ? [] : text.components(separatedBy: "\n")))
    }

    private func names(_ lines: [String]) throws -> [Variation.Find] {
        try Variation.scan(lines.joined(separator: "\n")).finds.filter(\.isName)
    }

    // MARK: The document

    private mutating func write() throws {
        guard !edits.isEmpty else { return }
        for edit in edits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
            guide.lines.replaceSubrange(edit.range, with: edit.lines)
        }
        let text = guide.lines.joined(separator: "\n")
        try Data(text.utf8).write(to: Guide.root.appending(path: guide.name))
    }
}
