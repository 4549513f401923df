import AuthEvents
import Clocks
import JSON
import Spend
import TestSupport
import Testing

/// The hashes of the vector come from another program, which knows this rule alone: take the members without `hash`, sort
/// them by name, write them as JSON without blanks, everything but `"` and `\` as it is, and hash the UTF-8 with SHA-256.
@Suite("A ledger entry")
struct LedgerEntryTests {
    private static func vector() throws -> [LedgerEntry] {
        try LedgerSamples.vector().map { try LedgerEntry($0) }
    }

    @Test("has the hash that another program computed, for every kind")
    func hashes() throws {
        let entries = try Self.vector()
        #expect(Set(entries.map(\.kind)) == Set(LedgerKind.allCases))
        for (entry, json) in zip(entries, try LedgerSamples.vector()) {
            #expect(entry.isIntact)
            let rebuilt = LedgerEntry(
                writer: entry.writer,
                sequence: entry.sequence,
                at: entry.at,
                kind: entry.kind,
                delivery: entry.delivery,
                attempt: entry.attempt,
                gateway: entry.gateway,
                tenant: entry.tenant,
                purpose: entry.purpose,
                country: entry.country,
                segments: entry.segments,
                amount: entry.amount,
                priceVersion: entry.priceVersion,
                previous: entry.previous
            )
            #expect(rebuilt.hash == json["hash"]?.string)
            #expect(rebuilt == entry)
        }
    }

    @Test("is written as it was read, member by member in the order of the contract")
    func roundTrip() throws {
        for json in try LedgerSamples.vector() {
            #expect(try LedgerEntry(json).json.serialized() == json.serialized())
        }
    }

    @Test("has 64 zeros in place of a predecessor of the first")
    func firstPrevious() throws {
        #expect(LedgerEntry.firstPrevious == "0000000000000000000000000000000000000000000000000000000000000000")
        #expect(try Self.vector().first?.previous == LedgerEntry.firstPrevious)
    }

    @Test("is hashed over any order of its members")
    func order() throws {
        for json in try LedgerSamples.vector() {
            let members = try #require(json.object)
            let turned = JSONObject(members.members.reversed().map { ($0.name, $0.value) })
            #expect(LedgerEntry.hash(of: turned) == LedgerEntry.hash(of: members))
            #expect(LedgerEntry.hash(of: members) == json["hash"]?.string)
        }
    }

    @Test(
        "with a member that is none is not read, and the member named",
        arguments: [
            ("writer", ""), ("writer", 7), ("writer", "a\nb"), ("sequence", 0), ("sequence", "1"), ("sequence", 1.5),
            ("sequence", 9_007_199_254_740_992), ("at", "2026-11-21T10:10:00.000Z"),
            ("at", "2026-11-21T11:10:00+01:00"),
            ("at", "yesterday"), ("kind", "Reserved"), ("delivery", "ch_0197a3c04e5b7d118f2a6b3c4d5e6f70"),
            ("attempt", 0), ("attempt", "1"), ("gateway", ""), ("gateway", 3), ("tenant", "Default"),
            ("tenant", nil), ("purpose", "signup"), ("country", "us"), ("country", "USA"), ("segments", -1),
            ("segments", nil), ("amount", "0.2"), ("amount", "-0.20"), ("amount", 0.2), ("currency", "usd"),
            ("price_version", ""), ("previous", "0"), ("previous", .string(String(repeating: "G", count: 64))),
            ("hash", nil), ("hash", .string(String(repeating: "A", count: 64))), ("note", "x"),
        ] as [(String, JSONValue)]
    )
    func refused(member: String, value: JSONValue) throws {
        var object = try #require(try LedgerSamples.vector().first?.object)
        object[member] = value
        let problem = #expect(throws: LedgerEntryProblem.self) { try LedgerEntry(.object(object)) }
        #expect(problem?.member == member)
        #expect(problem?.description.contains("`\(member)` must be") == true)
    }

    @Test("without one of its members is not read, and the member named")
    func incomplete() throws {
        let whole = try #require(try LedgerSamples.vector().first?.object)
        for member in whole.members.map(\.name) {
            var object = whole
            object[member] = .none
            let problem = #expect(throws: LedgerEntryProblem.self) { try LedgerEntry(.object(object)) }
            #expect(problem?.member == member)
        }
        #expect(throws: LedgerEntryProblem.self) { try LedgerEntry([]) }
    }

    @Test("keeps the hash that was recorded, and tells when it is not its own")
    func recorded() throws {
        var object = try #require(try LedgerSamples.vector().first?.object)
        object["amount"] = "0.01"
        let entry = try LedgerEntry(.object(object))
        #expect(entry.hash == object["hash"]?.string)
        #expect(!entry.isIntact)
    }

    @Test("is one line of NDJSON")
    func ndjson() throws {
        for entry in try Self.vector() {
            let line = LedgerText.ndjson(entry)
            #expect(line.count { $0 == UInt8(ascii: "\n") } == 1)
            #expect(try LedgerEntry(JSONValue(parsing: line)) == entry)
        }
    }

    @Test("is a record of CSV with the same columns, quoted as RFC 4180 asks")
    func csv() throws {
        let entries = try Self.vector()
        #expect(
            String(decoding: LedgerText.csvHeader, as: UTF8.self)
                == "writer,sequence,at,kind,delivery,attempt,gateway,tenant,purpose,country,segments,amount,currency,"
                + "price_version,previous,hash\r\n"
        )
        let first = String(decoding: LedgerText.csv(entries[0]), as: UTF8.self)
        #expect(
            first.hasPrefix(
                "a0f3,1,2026-11-21T10:10:00Z,reserved,dl_0197a3c04e5b7d118f2a6b3c4d5e6f70,,,cruddur,mfa,US,1,0.0083,USD,"
                    + "2026-11-01/us,\(LedgerEntry.firstPrevious),"
            )
        )
        #expect(first.hasSuffix("\(entries[0].hash)\r\n"))
        let quoted = String(decoding: LedgerText.csv(entries[5]), as: UTF8.self)
        #expect(quoted.contains(#","sms ""back\up""/2",cruddur,"#))
    }

    @Test("makes no spreadsheet run anything", arguments: ["=cmd()", "+1", "-1", "@SUM(A1)"])
    func formula(gateway: String) throws {
        var generator = SeededGenerator(seed: 1)
        let delivery = DeliveryID(at: LedgerSamples.start, using: &generator)
        let entry = LedgerSamples.entry(.committed, delivery: delivery, attempt: 1, gateway: gateway)
        #expect(String(decoding: LedgerText.csv(entry), as: UTF8.self).contains(",'\(gateway),"))
        #expect(entry.json["gateway"]?.string == gateway)
    }
}
