/// How the stretches of one writer's chain fit together, judged as few as possible having been moved.
struct LedgerFindings {
    struct Finding {
        var sequence: Int64
        var what: LedgerFault.What
        var line: Int?
        /// Of a gap: what the entry after it names as its predecessor.
        var previous: [String]?
    }

    private(set) var findings: [Finding] = []
    /// The stretches that belong to the chain, by their numbers.
    private(set) var chain: [LedgerChain.Stretch] = []
    private let stretches: [LedgerChain.Stretch]
    private let isPartial: Bool

    init(_ stretches: [LedgerChain.Stretch], isPartial: Bool) {
        (self.stretches, self.isPartial) = (stretches, isPartial)
    }

    mutating func judge() {
        let kept = inOrder()
        chain = kept.map { stretches[$0] }
        let others = stretches.indices.filter { !kept.contains($0) }.map { stretches[$0] }
        for stretch in others.sorted(by: { $0.first < $1.first }) { place(stretch) }
        judgeBeginning()
        judgeLinks()
    }

    /// The stretches that rise in number as they come and together hold the most entries.
    ///
    /// Of equally many entries, those win that stand at the place of their number, or are linked.
    private func inOrder() -> [Int] {
        var best: [(weight: Int64, before: Int?)] = []
        let base = isPartial ? stretches.map(\.first).min() ?? 1 : 1
        for (index, stretch) in stretches.enumerated() {
            let own = 1024 * stretch.count + (stretch.first - base == stretch.ordinal ? 3 : 0)
            var choice: (weight: Int64, before: Int?) = (own, nil)
            for earlier in 0..<index where stretches[earlier].last < stretch.first {
                let isLinked =
                    stretches[earlier].last + 1 == stretch.first
                    && LedgerChain.links(stretches[earlier].hashes, stretch.previous)
                let weight = best[earlier].weight + own + (isLinked ? 2 : 0)
                if weight > choice.weight { choice = (weight, earlier) }
            }
            best.append(choice)
        }
        var kept: [Int] = []
        var next = best.indices.max { best[$0].weight < best[$1].weight }
        while let index = next {
            kept.append(index)
            next = best[index].before
        }
        return kept.reversed()
    }

    /// Finds the hole of the chain that a stretch fell out of; what fits none was inserted.
    private mutating func place(_ stretch: LedgerChain.Stretch) {
        let position = chain.firstIndex { $0.last >= stretch.first } ?? chain.count
        let before = position > 0 ? chain[position - 1] : nil
        let after = position < chain.count ? chain[position] : nil
        var fits: [Bool] = []
        if let before, before.last + 1 == stretch.first {
            fits.append(LedgerChain.links(before.hashes, stretch.previous))
        }
        if let after, after.first == stretch.last + 1 { fits.append(LedgerChain.links(stretch.hashes, after.previous)) }
        if stretch.first == 1 { fits.append(LedgerChain.links([LedgerEntry.firstPrevious], stretch.previous)) }
        let isFree = after.map { stretch.last < $0.first } ?? true
        if isFree, !fits.isEmpty, fits.allSatisfy({ $0 }) {
            chain.insert(stretch, at: position)
            add(.reordered(through: stretch.last), stretch.first, stretch.line)
        } else {
            add(.inserted(through: stretch.last), stretch.first, stretch.line)
        }
    }

    private mutating func judgeBeginning() {
        guard let first = chain.first else { return }
        if first.first == 1 {
            if !LedgerChain.links([LedgerEntry.firstPrevious], first.previous) { add(.rewritten, 1, first.line) }
        } else if !isPartial {
            addGap(from: 1, before: first)
        }
    }

    private mutating func judgeLinks() {
        var index = 0
        while index + 1 < chain.count {
            let (left, right) = (chain[index], chain[index + 1])
            index += 1
            if left.last + 1 < right.first {
                addGap(from: left.last + 1, before: right)
            } else if !LedgerChain.links(left.hashes, right.previous) {
                // An entry that fits neither side was written anew with its link; else its successor tells on the left one.
                let isAlone = right.count == 1 && index + 1 < chain.count && isBroken(after: index)
                add(.rewritten, isAlone ? right.first : left.last, isAlone ? right.line : nil)
                if isAlone { index += 1 }
            }
        }
    }

    private func isBroken(after index: Int) -> Bool {
        let (left, right) = (chain[index], chain[index + 1])
        return left.last + 1 == right.first && !LedgerChain.links(left.hashes, right.previous)
    }

    private mutating func addGap(from first: Int64, before next: LedgerChain.Stretch) {
        findings.append(
            Finding(
                sequence: first,
                what: .missing(through: next.first - 1),
                line: next.line,
                previous: next.previous
            )
        )
    }

    private mutating func add(_ what: LedgerFault.What, _ sequence: Int64, _ line: Int?) {
        findings.append(Finding(sequence: sequence, what: what, line: line))
    }
}
