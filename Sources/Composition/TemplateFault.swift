/// What is wrong with a folder of templates, each place by file, line and column; nothing of it was taken.
package struct TemplateFault: Error, Equatable {
    package struct Problem: Sendable, Equatable, CustomStringConvertible {
        /// Its path within the folder.
        package let file: String
        /// Counted from 1, as is ``column``.
        package let line: Int
        package let column: Int
        package let reason: String

        init(_ file: String, _ reason: String, at position: TextPosition = TextPosition()) {
            (self.file, line, column, self.reason) = (file, position.line, position.column, reason)
        }

        package var description: String { "\(file):\(line):\(column): \(reason)" }
    }

    /// Further problems are not told.
    package static let limit = 20

    /// At least 1 and at most 20, in the order of file, line and column.
    package let problems: [Problem]

    /// Keeps the first 20; returns `nil` where there is no problem.
    init?(_ problems: [Problem]) {
        guard !problems.isEmpty else { return nil }
        let sorted = problems.sorted { ($0.file, $0.line, $0.column) < ($1.file, $1.line, $1.column) }
        self.problems = Array(sorted.prefix(Self.limit))
    }

    init(_ file: String, _ reason: String) {
        problems = [Problem(file, reason)]
    }

    private init(told problems: [Problem]) {
        self.problems = problems
    }

    /// The same with the path of the folder before each file.
    func within(_ folder: String) -> TemplateFault {
        TemplateFault(
            told: problems.map { problem in
                let file = problem.file == "." ? folder : "\(folder)/\(problem.file)"
                let position = TextPosition(line: problem.line, column: problem.column)
                return Problem(file, problem.reason, at: position)
            }
        )
    }
}

extension TemplateFault: CustomStringConvertible {
    /// A line for each problem.
    package var description: String {
        let lines = problems.map(\.description).joined(separator: "\n")
        return problems.count < Self.limit ? lines : "\(lines)\nThere may be more."
    }
}
