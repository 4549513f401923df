/// The words after a program's name, taken one after the other.
package struct ProgramArguments {
    package private(set) var rest: [String]

    package init(_ words: [String]) {
        rest = words
    }

    /// Takes `--name VALUE` or `--name=VALUE` out of the words.
    package mutating func option(_ name: String) throws(UsageError) -> String? {
        guard let index = rest.firstIndex(where: { $0 == "--" + name || $0.hasPrefix("--\(name)=") }) else {
            return nil
        }
        let word = rest.remove(at: index)
        if let equals = word.firstIndex(of: "=") { return String(word[word.index(after: equals)...]) }
        guard index < rest.count else { throw UsageError("--\(name) needs a value") }
        return rest.remove(at: index)
    }

    /// Takes `--name` out of the words.
    package mutating func flag(_ name: String) -> Bool {
        guard let index = rest.firstIndex(of: "--" + name) else { return false }
        rest.remove(at: index)
        return true
    }

    /// Takes the next word that is no option.
    package mutating func word() -> String? {
        guard let first = rest.first, !first.hasPrefix("--") else { return nil }
        return rest.removeFirst()
    }

    package func finish() throws(UsageError) {
        guard let first = rest.first else { return }
        throw UsageError("\(first) is not understood here")
    }
}

/// The words were wrong: exit code 2.
package struct UsageError: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }
}
