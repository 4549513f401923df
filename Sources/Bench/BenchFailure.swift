/// Why there are no figures.
package struct BenchFailure: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }

    package static let stopped = BenchFailure("stopped; nothing is left of it")
}
