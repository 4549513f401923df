/// One thing that is wrong with a ledger, named by the entry it is about.
package struct LedgerFault: Error, Sendable, Equatable {
    package enum What: Sendable, Equatable {
        /// The hash is not that of the members.
        case edited
        /// The hash is right, but the entries beside it are chained to another one.
        case rewritten
        /// It is not there; with those after it up to this sequence.
        case missing(through: Int64)
        /// It is there a second time, or does not belong to the chain at all; with those after it up to this sequence.
        case inserted(through: Int64)
        /// It is genuine and stands in another place; with those after it up to this sequence.
        case reordered(through: Int64)
        /// The line is not JSON, or no object that says where it belongs.
        case malformed
    }

    /// Whose chain it is about; `nil` where a malformed line does not say.
    package var writer: String?
    package var sequence: Int64?
    package var what: What
    /// Where it was seen, counted from 1; `nil` where something is missing at the end.
    package var line: Int?

    package init(writer: String?, sequence: Int64?, what: What, line: Int?) {
        (self.writer, self.sequence, self.what, self.line) = (writer, sequence, what, line)
    }
}

extension LedgerFault: CustomStringConvertible {
    package var description: String {
        switch what {
        case .edited:
            "\(name(nil)) was edited\(place): its hash is not that of its members. Compare it with an earlier export."
        case .rewritten:
            "\(name(nil)) was written anew\(place): its hash is right, but the entries beside it are chained to another. "
                + "Compare it with an earlier export."
        case .missing(let last):
            "\(name(last)) \(verb(last, "is", "are")) missing\(line.map { " before line \($0)" } ?? " at the end"): "
                + "the numbers of the chain go on. Look for \(verb(last, "it", "them")) in a backup."
        case .inserted(let last):
            "\(name(last)) \(verb(last, "was", "were")) inserted\(place): "
                + "the number is taken, or the chain leads past it. Compare it with an earlier export."
        case .reordered(let last):
            "\(name(last)) \(verb(last, "stands", "stand")) in another place than \(verb(last, "it was", "they were")) "
                + "written\(place): nothing is lost, but the file was changed."
        case .malformed:
            "\(line.map { "Line \($0)" } ?? "A line") of the ledger was not read: "
                + "it is no entry with a writer and a sequence. Compare it with an earlier export."
        }
    }

    private func name(_ last: Int64?) -> String {
        let first = sequence.map { String($0) } ?? "of no number"
        let numbers = last.map { $0 == sequence ? "Entry \(first)" : "Entries \(first) to \($0)" } ?? "Entry \(first)"
        return "\(numbers) of \(writer.map { "writer `\($0)`" } ?? "a writer that is not named")"
    }

    private var place: String { line.map { " (line \($0))" } ?? "" }

    private func verb(_ last: Int64, _ one: String, _ many: String) -> String { last == sequence ? one : many }
}
