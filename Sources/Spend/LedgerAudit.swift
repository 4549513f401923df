package import JSON

/// The last entry of a writer.
package struct LedgerHead: Sendable, Equatable {
    package var sequence: Int64
    package var hash: String

    package init(sequence: Int64, hash: String) {
        (self.sequence, self.hash) = (sequence, hash)
    }
}

/// Finds what was edited, removed, inserted or moved in a ledger that is read once, from its beginning.
///
/// It keeps a few hundred bytes for each writer, however long the ledger, and looks at what the lines say, so that a member
/// changed to nonsense is found like any other. Chains of writers are apart: how they stand between one another does not
/// matter. A chain cannot show that its end was cut off; only heads kept elsewhere can.
package struct LedgerAudit: Sendable {
    /// The first 20 faults; complete after ``finish(heads:)``.
    package private(set) var faults: [LedgerFault] = []
    /// All faults, those that were not kept included.
    package private(set) var faultCount = 0
    /// Lines taken, blank ones apart.
    package private(set) var entries: Int64 = 0

    private static let mostFaults = 20

    private let isPartial: Bool
    private var chains: [String: LedgerChain] = [:]
    /// Edited entries by the hash they still show, so that their successors can tell who they were.
    private var edited: [String: (fault: Int, previous: String?)] = [:]

    /// - Parameter isPartial: The ledger is an extract: the first entry of a writer may have any number.
    package init(isPartial: Bool = false) {
        self.isPartial = isPartial
    }

    /// The last entries by writer; those of writers whose last one was edited are left out.
    package var heads: [String: LedgerHead] {
        chains.compactMapValues { chain in
            guard let last = chain.stretches.max(by: { $0.last < $1.last }), let hash = last.hashes?.first else {
                return nil
            }
            return LedgerHead(sequence: last.last, hash: hash)
        }
    }

    /// Takes a line of NDJSON; an empty one is passed over.
    package mutating func take(_ bytes: [UInt8], line: Int) {
        guard bytes.contains(where: { !" \t\r\n".utf8.contains($0) }) else { return }
        do {
            take(try JSONValue(parsing: bytes, depth: 16), line: line)
        } catch {
            entries += 1
            add(LedgerFault(writer: nil, sequence: nil, what: .malformed, line: line))
        }
    }

    /// Takes the next entry, as it was read; lines count from 1.
    package mutating func take(_ entry: JSONValue, line: Int) {
        entries += 1
        let said = Said(entry)
        guard let object = entry.object else {
            return add(LedgerFault(writer: nil, sequence: nil, what: .malformed, line: line))
        }
        guard said.hash == LedgerEntry.hash(of: object) else { return takeEdited(said, line: line) }
        guard let writer = said.writer, let sequence = said.sequence, let previous = said.previous, said.isEntry else {
            return add(LedgerFault(writer: said.writer, sequence: said.sequence, what: .malformed, line: line))
        }
        take(writer, sequence, previous: previous, hash: said.hash, line: line)
    }

    /// Judges the chains; afterwards nothing more is taken.
    ///
    /// - Parameters:
    ///   - heads: The last entry of each writer as it is known from elsewhere. Writers that are not among them are judged
    ///     without.
    ///   - isComplete: All writers are among the heads; an entry of any other was put in.
    package mutating func finish(heads: [String: LedgerHead] = [:], isComplete: Bool = false) {
        for writer in chains.keys.sorted() { settle(writer) }
        for (writer, chain) in chains.sorted(by: { $0.key < $1.key }) where isComplete && heads[writer] == nil {
            let last = chain.tail?.last ?? 1
            add(LedgerFault(writer: writer, sequence: 1, what: .inserted(through: last), line: nil))
        }
        for (writer, head) in heads.sorted(by: { $0.key < $1.key }) {
            let tail = chains[writer]?.tail
            let last = tail?.last ?? 0
            if last < head.sequence {
                let what = LedgerFault.What.missing(through: head.sequence)
                // Of an extract without a single entry of the writer only the last is known to be missing.
                let first = tail == nil && isPartial ? head.sequence : last + 1
                add(LedgerFault(writer: writer, sequence: first, what: what, line: nil))
            } else if last > head.sequence {
                let what = LedgerFault.What.inserted(through: last)
                add(LedgerFault(writer: writer, sequence: head.sequence + 1, what: what, line: nil))
            } else if !LedgerChain.links(tail?.hashes, [head.hash]) {
                add(LedgerFault(writer: writer, sequence: last, what: .rewritten, line: nil))
            }
        }
    }

    private mutating func take(_ writer: String, _ sequence: Int64, previous: String?, hash: String?, line: Int) {
        let isNew = chains[writer, default: LedgerChain()].take(sequence, previous: previous, hash: hash, line: line)
        if !isNew {
            add(LedgerFault(writer: writer, sequence: sequence, what: .inserted(through: sequence), line: line))
        }
        if chains[writer]?.isFull == true { settle(writer) }
    }

    /// An edited entry may lie about its writer and its number: the link to its predecessor, if it fits, names it better.
    private mutating func takeEdited(_ said: Said, line: Int) {
        let place = place(of: said)
        let fault = LedgerFault(
            writer: place?.writer ?? said.writer,
            sequence: place?.sequence ?? said.sequence,
            what: .edited,
            line: line
        )
        if let hash = said.hash, faults.count < LedgerAudit.mostFaults {
            edited[hash] = (faults.count, said.previous)
        }
        add(fault)
        if let place { take(place.writer, place.sequence, previous: nil, hash: nil, line: line) }
    }

    private func place(of said: Said) -> (writer: String, sequence: Int64)? {
        if let previous = said.previous {
            let own = said.writer.flatMap { chains[$0]?.isContinued(by: previous) == true ? $0 : nil }
            let writer = own ?? chains.first { $0.value.isContinued(by: previous) }?.key
            if let writer, let tail = chains[writer]?.tail { return (writer, tail.last + 1) }
        }
        guard let writer = said.writer else { return nil }
        guard let tail = chains[writer]?.tail else {
            return said.previous == LedgerEntry.firstPrevious ? (writer, 1) : said.sequence.map { (writer, $0) }
        }
        return said.sequence == tail.last + 1 ? (writer, tail.last + 1) : nil
    }

    private mutating func settle(_ writer: String) {
        guard let findings = chains[writer]?.settle(isPartial: isPartial) else { return }
        for finding in findings.findings {
            var what = finding.what
            if case .missing(let last) = what {
                let left = last - named(before: finding, last, of: writer)
                guard left >= finding.sequence else { continue }
                what = .missing(through: left)
            }
            add(LedgerFault(writer: writer, sequence: finding.sequence, what: what, line: finding.line))
        }
    }

    /// Edited entries that said they were others, and fill the end of a gap: names them, and says how many there are.
    private mutating func named(before gap: LedgerFindings.Finding, _ last: Int64, of writer: String) -> Int64 {
        var count: Int64 = 0
        var previous = gap.previous?.first
        while let hash = previous, last - count >= gap.sequence, let entry = edited.removeValue(forKey: hash) {
            (faults[entry.fault].writer, faults[entry.fault].sequence) = (writer, last - count)
            count += 1
            previous = entry.previous
        }
        return count
    }

    private mutating func add(_ fault: LedgerFault) {
        faultCount += 1
        if faults.count < LedgerAudit.mostFaults { faults.append(fault) }
    }
}

/// What an entry says of its place, where it says it in a form that can be one.
private struct Said {
    var writer: String?
    var sequence: Int64?
    var previous: String?
    var hash: String?
    /// Whether it has a kind, and an amount that is not negative.
    var isEntry: Bool

    init(_ entry: JSONValue) {
        writer = entry["writer"]?.string
        sequence = entry["sequence"]?.int.flatMap { (1...LedgerEntry.greatestNumber).contains($0) ? $0 : nil }
        (previous, hash) = (entry["previous"]?.string, entry["hash"]?.string)
        isEntry =
            entry["kind"]?.string.flatMap(LedgerKind.init) != nil
            && entry["amount"]?.string.flatMap { Money.micros($0) } != nil
    }
}
