/// What is wrong with price files, each place by file and line; nothing of them was taken.
package struct PriceFileError: Error, Equatable {
    package struct Problem: Sendable, Equatable, CustomStringConvertible {
        package let file: String
        /// Counted from 1.
        package let line: Int
        package let reason: String

        package init(file: String, line: Int, reason: String) {
            (self.file, self.line, self.reason) = (file, line, reason)
        }

        package var description: String { "\(file):\(line): \(reason)" }
    }

    /// Further problems are not looked for.
    static let limit = 20

    /// At least 1 and at most 20, in the order of file and line.
    package let problems: [Problem]
    private let first: Problem

    package var file: String { first.file }
    package var line: Int { first.line }
    package var reason: String { first.reason }

    /// Keeps the first 20; returns `nil` where there is no problem.
    package init?(_ problems: [Problem]) {
        guard let first = problems.first else { return nil }
        self.first = first
        self.problems = Array(problems.prefix(Self.limit))
    }

    package init(file: String, line: Int, reason: String) {
        first = Problem(file: file, line: line, reason: reason)
        problems = [first]
    }
}

extension PriceFileError: CustomStringConvertible {
    /// A line for each problem.
    package var description: String {
        let lines = problems.map(\.description).joined(separator: "\n")
        return problems.count < Self.limit ? lines : "\(lines)\nThere may be more."
    }
}
