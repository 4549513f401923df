/// What an audit remembers of one writer: the stretches of its chain, in the order in which they came.
///
/// An untouched chain is one stretch. Each place where the next entry is not the next of the chain begins another, and from
/// how the stretches fit together it is told what is missing, inserted or moved.
struct LedgerChain {
    /// Entries that came one behind the other, numbered without a gap and linked.
    struct Stretch {
        var first: Int64
        var last: Int64
        /// What the first entry may name as its predecessor's hash; `nil` for anything, where the entry was edited.
        var previous: [String]?
        /// The hashes that the entry after the last may name; `nil` for anything, where the last was edited.
        var hashes: [String]?
        /// How many of the writer's entries came before it.
        var ordinal: Int64
        var line: Int

        var count: Int64 { last - first + 1 }
    }

    /// Beyond this many stretches they are judged and made one, so that no file can exhaust the memory.
    private static let mostStretches = 200
    private static let mostSpellings = 8

    private(set) var stretches: [Stretch] = []
    private var taken: Int64 = 0

    var tail: Stretch? { stretches.last }
    var isFull: Bool { stretches.count >= LedgerChain.mostStretches }

    /// Whether an entry that names this predecessor would stand well behind the one that came last.
    func isContinued(by previous: String) -> Bool { tail?.hashes?.contains(previous) ?? false }

    /// Takes the next entry of the file; `false` when there was one of that number before.
    ///
    /// The hashes are the one that it names and its own; both are `nil` when the entry was edited and is to fit anything.
    mutating func take(_ sequence: Int64, previous: String?, hash: String?, line: Int) -> Bool {
        defer { taken += 1 }
        if let tail, sequence == tail.last + 1, LedgerChain.links(tail.hashes, previous.map { [$0] }) {
            stretches[stretches.count - 1].last = sequence
            stretches[stretches.count - 1].hashes = hash.map { [$0] }
            return true
        }
        if replacesEdited(sequence, previous: previous, hash: hash) { return true }
        if stretches.contains(where: { $0.first <= sequence && sequence <= $0.last }) {
            addSpelling(of: sequence, previous: previous, hash: hash)
            return false
        }
        stretches.append(
            Stretch(
                first: sequence,
                last: sequence,
                previous: previous.map { [$0] },
                hashes: hash.map { [$0] },
                ordinal: taken,
                line: line
            )
        )
        return true
    }

    /// An edited entry was taken for this one: now that the genuine one is here, the edited one, named already, is passed over.
    private mutating func replacesEdited(_ sequence: Int64, previous: String?, hash: String?) -> Bool {
        guard var tail, tail.last == sequence, tail.hashes == nil, let hash else { return false }
        tail.hashes = [hash]
        if tail.first == sequence { tail.previous = previous.map { [$0] } }
        stretches[stretches.count - 1] = tail
        return true
    }

    /// Two entries of one number came one behind the other: the next decides by its link which of them is genuine.
    private mutating func addSpelling(of sequence: Int64, previous: String?, hash: String?) {
        guard var tail, tail.last == sequence else { return }
        if let hash, let hashes = tail.hashes, hashes.count < LedgerChain.mostSpellings { tail.hashes?.append(hash) }
        if tail.first == sequence, let previous, let others = tail.previous, others.count < LedgerChain.mostSpellings {
            tail.previous?.append(previous)
        }
        stretches[stretches.count - 1] = tail
    }

    /// Puts the stretches in the order of the chain, tells what that took, and keeps one stretch in their place.
    mutating func settle(isPartial: Bool) -> LedgerFindings {
        var findings = LedgerFindings(stretches, isPartial: isPartial)
        findings.judge()
        if let first = findings.chain.first, var whole = findings.chain.last {
            (whole.first, whole.previous) = (first.first, first.previous)
            (whole.ordinal, whole.line) = (0, first.line)
            stretches = [whole]
        }
        return findings
    }

    /// Whether one of the hashes is one of those named; an edited entry on either side fits anything.
    static func links(_ hashes: [String]?, _ previous: [String]?) -> Bool {
        guard let hashes, let previous else { return true }
        return hashes.contains { previous.contains($0) }
    }
}
