import AuthEvents
import Clocks
import JSON
import Spend
import TestSupport
import Testing

@Suite("An audit of the ledger")
struct LedgerAuditTests {
    private func audit(
        _ entries: [JSONValue],
        isPartial: Bool = false,
        heads: [String: LedgerHead] = [:]
    ) -> LedgerAudit {
        var audit = LedgerAudit(isPartial: isPartial)
        for (index, entry) in entries.enumerated() { audit.take(entry, line: index + 1) }
        audit.finish(heads: heads)
        return audit
    }

    private func chain(of count: Int, writer: String = "w") -> [LedgerEntry] {
        var generator = SeededGenerator(seed: 9)
        var previous = LedgerEntry.firstPrevious
        return (1...count).map { sequence in
            let entry = LedgerSamples.random(
                writer: writer,
                sequence: Int64(sequence),
                at: LedgerSamples.start,
                previous: previous,
                using: &generator
            )
            previous = entry.hash
            return entry
        }
    }

    @Test("finds nothing in a ledger of another program, and knows its heads")
    func vector() throws {
        let entries = try LedgerSamples.vector()
        let audit = audit(entries)
        #expect(audit.faults.isEmpty)
        #expect(audit.faultCount == 0)
        #expect(audit.entries == 8)
        #expect(audit.heads["a0f3"] == LedgerHead(sequence: 6, hash: try #require(entries[7]["hash"]?.string)))
        #expect(audit.heads["b7c1"] == LedgerHead(sequence: 2, hash: try #require(entries[6]["hash"]?.string)))
    }

    @Test("finds every entry of a writer that is not among the heads, where all writers are")
    func strangeWriter() throws {
        let known = chain(of: 3)
        let heads = ["w": LedgerHead(sequence: 3, hash: try #require(known.last?.hash))]
        var audit = LedgerAudit()
        for entry in known + chain(of: 2, writer: "x") { audit.take(entry.json, line: 1) }
        audit.finish(heads: heads, isComplete: true)
        #expect(audit.faults == [LedgerFault(writer: "x", sequence: 1, what: .inserted(through: 2), line: nil)])
    }

    @Test(
        "finds an entry that has no kind or a negative amount, though its hash is right",
        arguments: ["kind", "amount"]
    )
    func shape(member: String) throws {
        let entry = try #require(chain(of: 1).first)
        var object = try #require(entry.json.object)
        object[member] = member == "kind" ? "gift" : "-1.00"
        object["hash"] = .string(LedgerEntry.hash(of: object))
        let audit = audit([.object(object)])
        #expect(audit.faultCount == 1)
    }

    @Test("finds nothing in a ledger without entries, unless there were some")
    func empty() {
        #expect(audit([]).faults.isEmpty)
        let heads = ["w": LedgerHead(sequence: 3, hash: LedgerEntry.firstPrevious)]
        #expect(
            audit([], heads: heads).faults == [
                LedgerFault(writer: "w", sequence: 1, what: .missing(through: 3), line: nil)
            ]
        )
    }

    @Test("takes an extract from its first entry on, but no whole ledger that begins late")
    func partial() {
        let entries = chain(of: 9).dropFirst(4).map(\.json)
        #expect(audit(entries, isPartial: true).faults.isEmpty)
        #expect(
            audit(entries).faults == [LedgerFault(writer: "w", sequence: 1, what: .missing(through: 4), line: 1)]
        )
        let holed = Array(entries.prefix(2) + entries.suffix(2))
        #expect(
            audit(holed, isPartial: true).faults == [
                LedgerFault(writer: "w", sequence: 7, what: .missing(through: 7), line: 3)
            ]
        )
    }

    @Test("names an entry that was written anew with a right hash")
    func rewritten() {
        for (place, heads) in [(1, false), (4, false), (8, true), (9, true)] {
            var entries = chain(of: 9)
            let head = LedgerHead(sequence: 9, hash: entries[8].hash)
            var object = entries[place - 1].json.object ?? [:]
            object["amount"] = "9.99"
            object["hash"] = .string(LedgerEntry.hash(of: object))
            var lines = entries.map(\.json)
            lines[place - 1] = .object(object)
            let faults = audit(lines, heads: heads ? ["w": head] : [:]).faults
            #expect(faults.map(\.sequence) == [Int64(place)])
            #expect(faults.map(\.what) == [.rewritten])
            entries.removeAll()
        }
    }

    @Test("names an entry that was written anew together with its link")
    func rewrittenLink() {
        for place in [1, 4, 8] {
            var lines = chain(of: 9).map(\.json)
            var object = lines[place - 1].object ?? [:]
            object["previous"] = .string(String(repeating: "a", count: 64))
            object["hash"] = .string(LedgerEntry.hash(of: object))
            lines[place - 1] = .object(object)
            let faults = audit(lines).faults
            #expect(Set(faults.map(\.sequence)) == [Int64(place)])
            #expect(faults.allSatisfy { $0.what == .rewritten })
        }
    }

    @Test("names a block that was moved, and one that was removed, by its first and last entry")
    func blocks() {
        let whole = chain(of: 30).map(\.json)
        let moved = Array(whole[..<10] + whole[14..<25] + whole[10..<14] + whole[25...])
        #expect(
            audit(moved).faults == [LedgerFault(writer: "w", sequence: 11, what: .reordered(through: 14), line: 22)]
        )
        let removed = Array(whole[..<10] + whole[14...])
        #expect(
            audit(removed).faults == [LedgerFault(writer: "w", sequence: 11, what: .missing(through: 14), line: 11)]
        )
    }

    @Test("names the line that is no entry, and the entry that is missing in its place")
    func malformed() {
        var audit = LedgerAudit()
        let lines = chain(of: 4).map { LedgerText.ndjson($0) }
        for (index, line) in lines.enumerated() {
            audit.take(index == 1 ? Array(line.dropLast(3)) : line, line: index + 1)
        }
        audit.take([], line: 5)
        audit.take(Array("\n".utf8), line: 6)
        audit.take(Array("[1]".utf8), line: 7)
        audit.finish()
        #expect(
            audit.faults == [
                LedgerFault(writer: nil, sequence: nil, what: .malformed, line: 2),
                LedgerFault(writer: nil, sequence: nil, what: .malformed, line: 7),
                LedgerFault(writer: "w", sequence: 2, what: .missing(through: 2), line: 3),
            ]
        )
        #expect(audit.entries == 5)
    }

    @Test("keeps twenty faults and counts all")
    func many() {
        let lines = chain(of: 100).map { entry in
            var object = entry.json.object ?? [:]
            object["amount"] = "7.00"
            return JSONValue.object(object)
        }
        let audit = audit(lines)
        #expect(audit.faults.map(\.sequence) == (1...20).map { Int64($0) })
        #expect(audit.faultCount == 100)
    }

    @Test("stays small over a ledger that was shuffled through and through")
    func shuffled() {
        var generator = SeededGenerator(seed: 4)
        let audit = audit(chain(of: 1500).map(\.json).shuffled(using: &generator))
        #expect(audit.faults.count == 20)
        #expect(audit.faultCount > 500)
    }

    @Test("says in a sentence which entry it is, what it means and what to do")
    func sentences() {
        func sentence(_ what: LedgerFault.What, line: Int? = 7) -> String {
            LedgerFault(writer: "a0f3", sequence: 5, what: what, line: line).description
        }
        #expect(sentence(.edited).hasPrefix("Entry 5 of writer `a0f3` was edited (line 7): its hash is not that"))
        #expect(sentence(.missing(through: 5)).hasPrefix("Entry 5 of writer `a0f3` is missing before line 7:"))
        #expect(
            sentence(.missing(through: 9), line: nil).hasPrefix("Entries 5 to 9 of writer `a0f3` are missing at the")
        )
        #expect(sentence(.inserted(through: 5)).hasPrefix("Entry 5 of writer `a0f3` was inserted (line 7):"))
        #expect(sentence(.reordered(through: 5)).hasPrefix("Entry 5 of writer `a0f3` stands in another place than"))
        #expect(sentence(.rewritten).hasPrefix("Entry 5 of writer `a0f3` was written anew (line 7):"))
        #expect(sentence(.malformed).hasPrefix("Line 7 of the ledger was not read:"))
    }
}
