import Clocks
import JSON
import Spend
import TestSupport
import Testing

/// Random ledgers of 60 entries of two writers, each tampered with in one way; the seed is in the name of the case.
@Suite("Tampering with a ledger is found, and the entry named", .serialized)
struct LedgerTamperTests {
    private static let seeds: [UInt64] = [1, 2, 3]
    private static let size = 60

    private struct Name: Hashable {
        var writer: String?
        var sequence: Int64?
    }

    private func faults(_ entries: [JSONValue], heads: [String: LedgerHead] = [:]) -> [LedgerFault] {
        var audit = LedgerAudit()
        for (index, entry) in entries.enumerated() { audit.take(entry, line: index + 1) }
        audit.finish(heads: heads)
        return audit.faults
    }

    private func names(_ entries: [JSONValue], heads: [String: LedgerHead] = [:]) -> Set<Name> {
        Set(faults(entries, heads: heads).map { Name(writer: $0.writer, sequence: $0.sequence) })
    }

    private func name(_ entry: LedgerEntry) -> Name { Name(writer: entry.writer, sequence: entry.sequence) }

    private func heads(_ chain: [LedgerEntry]) -> [String: LedgerHead] {
        Dictionary(chain.map { ($0.writer, LedgerHead(sequence: $0.sequence, hash: $0.hash)) }) { $1 }
    }

    @Test("nothing is found where nothing was done", arguments: seeds)
    func untouched(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let chain = LedgerSamples.chain(of: Self.size, using: &generator)
        #expect(faults(chain.map(\.json), heads: heads(chain)).isEmpty)
        #expect(faults(chain.map(\.json)).isEmpty)
    }

    @Test("any member of any entry edited, also to nonsense, or removed or added", arguments: seeds)
    func edited(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let chain = LedgerSamples.chain(of: Self.size, using: &generator)
        let lines = chain.map(\.json)
        let hash = JSONValue.string(String(repeating: "b", count: 64))
        for place in [0, 1, Self.size - 1] + (0..<3).map({ _ in Int.random(in: 0..<Self.size, using: &generator) }) {
            let whole = try #require(lines[place].object)
            let isLast = !chain[(place + 1)...].contains { $0.writer == chain[place].writer }
            let lies: [JSONValue] = ["a", "b", "zzz", 0, 1, 77, 199, 1.5, .null, true, [], [:], hash]
            for member in whole.members {
                let lie = lies.randomElement(using: &generator) ?? hash
                for value in [lie, nil] as [JSONValue?] where value != member.value {
                    var object = whole
                    object[member.name] = value
                    var forged = lines
                    forged[place] = .object(object)
                    let found = names(forged)
                    // The only entry of a writer's chain that nothing links to cannot be known by another name.
                    if place < 2, isLast, member.name == "writer" { continue }
                    #expect(found == [name(chain[place])], "\(member.name) of line \(place + 1)")
                }
            }
            var object = whole
            object["note"] = "added"
            var forged = lines
            forged[place] = .object(object)
            #expect(faults(forged).map(\.what) == [.edited])
            #expect(names(forged) == [name(chain[place])])
        }
    }

    @Test("an entry removed", arguments: seeds)
    func removed(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let chain = LedgerSamples.chain(of: Self.size, using: &generator)
        for place in [0, 1, Self.size - 1] + chain.indices.shuffled(using: &generator).prefix(25) {
            var left = chain.map(\.json)
            left.remove(at: place)
            let isLast = !chain[(place + 1)...].contains { $0.writer == chain[place].writer }
            #expect(names(left) == (isLast ? [] : [name(chain[place])]))
            #expect(names(left, heads: heads(chain)) == [name(chain[place])])
        }
    }

    @Test("a copy of an entry inserted anywhere", arguments: seeds)
    func copied(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let chain = LedgerSamples.chain(of: Self.size, using: &generator)
        for _ in 0..<40 {
            let place = Int.random(in: 0..<Self.size, using: &generator)
            var lines = chain.map(\.json)
            lines.insert(lines[place], at: Int.random(in: 0...Self.size, using: &generator))
            let found = faults(lines, heads: heads(chain))
            #expect(found.map(\.what) == [.inserted(through: chain[place].sequence)])
            #expect(names(lines) == [name(chain[place])])
        }
    }

    @Test(
        "an entry of a right hash inserted in any place, linked to nothing, to its number or to its place",
        arguments: seeds
    )
    func forged(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let chain = LedgerSamples.chain(of: Self.size, using: &generator)
        for round in 0..<60 {
            let model = chain[Int.random(in: 0..<Self.size, using: &generator)]
            let position = Int.random(in: 0...Self.size, using: &generator)
            let before = chain[..<position].last { $0.writer == model.writer }?.hash ?? LedgerEntry.firstPrevious
            let forged = LedgerSamples.random(
                writer: model.writer,
                sequence: model.sequence,
                at: model.at,
                previous: [model.hash, model.previous, before][round % 3],
                using: &generator
            )
            var lines = chain.map(\.json)
            lines.insert(forged.json, at: position)
            #expect(names(lines, heads: heads(chain)) == [name(model)], "\(round) at \(position)")
        }
    }

    @Test("an entry of a number that was never given inserted before the end", arguments: seeds)
    func invented(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let chain = LedgerSamples.chain(of: Self.size, using: &generator)
        for writer in ["a", "b"] {
            let last = chain.last { $0.writer == writer }?.sequence ?? 0
            for sequence in [last + 1, last + 50] {
                let end = chain.lastIndex { $0.writer == writer } ?? 0
                let forged = LedgerSamples.random(
                    writer: writer,
                    sequence: sequence,
                    at: LedgerSamples.start,
                    previous: LedgerEntry.firstPrevious,
                    using: &generator
                )
                for position in [0, Self.size / 2, end] {
                    var lines = chain.map(\.json)
                    lines.insert(forged.json, at: position)
                    #expect(names(lines, heads: heads(chain)) == [Name(writer: writer, sequence: sequence)])
                }
                let appended = faults(chain.map(\.json) + [forged.json], heads: heads(chain))
                #expect(appended.contains { $0.writer == writer && $0.what == .inserted(through: sequence) })
            }
        }
    }

    @Test("two entries of a writer swapped", arguments: seeds)
    func swapped(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let chain = LedgerSamples.chain(of: Self.size, using: &generator)
        let lines = chain.map(\.json)
        for _ in 0..<40 {
            let one = Int.random(in: 0..<Self.size, using: &generator)
            let same = chain.indices.filter { chain[$0].writer == chain[one].writer && $0 != one }
            let other = same.randomElement(using: &generator) ?? one
            var turned = lines
            turned.swapAt(one, other)
            let found = faults(turned, heads: heads(chain))
            let pair: Set<Name> = [name(chain[one]), name(chain[other])]
            let named = Set(found.map { Name(writer: $0.writer, sequence: $0.sequence) })
            // Of two neighbours either one was moved past the other: one name is enough.
            let areNeighbours = abs(chain[one].sequence - chain[other].sequence) == 1
            #expect(areNeighbours ? named.count == 1 && named.isSubset(of: pair) : named == pair)
            #expect(found.allSatisfy { if case .reordered = $0.what { true } else { false } })
        }
    }

    @Test("the end cut off, with known heads", arguments: seeds)
    func truncated(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let chain = LedgerSamples.chain(of: Self.size, using: &generator)
        for count in [0, 1, 2, 20, 58, 59] {
            let left = Array(chain.prefix(count))
            #expect(faults(left.map(\.json)).isEmpty)
            let lost = Set(["a", "b"].compactMap { writer in chain[count...].first { $0.writer == writer } }.map(name))
            #expect(names(left.map(\.json), heads: heads(chain)) == lost)
        }
    }
}
