import AuthEvents
import Clocks
import Foundation
import JSON
import Processes
import SQLite
import Schemas
import Spend
import TestSupport
import Testing

@Suite("gatepost ledger verify FILE", .timeLimit(.minutes(12)))
struct LedgerCommandTests {
    private static let writer = "c0ffee00c0ffee00c0ffee00c0ffee00"

    /// Entries of one writer, rightly chained.
    static func chain(_ count: Int) throws -> [LedgerEntry] {
        var generator = SeededGenerator(seed: 7)
        var entries: [LedgerEntry] = []
        for sequence in 1...count {
            let at = Instant(milliseconds: 1_795_255_800_000 + Int64(sequence) * 10)
            entries.append(
                LedgerEntry(
                    writer: writer,
                    sequence: Int64(sequence),
                    at: at,
                    kind: sequence.isMultiple(of: 2) ? .committed : .reserved,
                    delivery: DeliveryID(at: at, using: &generator),
                    attempt: sequence.isMultiple(of: 2) ? 1 : nil,
                    gateway: "sms-main",
                    tenant: .default,
                    purpose: .mfa,
                    country: "US",
                    segments: 1,
                    amount: try #require(Money("0.0079 USD")),
                    priceVersion: "4349a0c6e407",
                    previous: entries.last?.hash ?? LedgerEntry.firstPrevious
                )
            )
        }
        return entries
    }

    private func write(_ lines: [[UInt8]], _ post: Installation) throws {
        try Data(lines.flatMap(\.self)).write(to: URL(filePath: post.path("ledger.ndjson")))
    }

    @Test("says how many entries there are and where the ledger ends; no settings are needed")
    func whole() async throws {
        try await Installation.make(.sandbox) { post in
            let chain = try Self.chain(9)
            try write(chain.map(LedgerText.ndjson), post)
            try FileManager.default.removeItem(atPath: post.path("gatepost.toml"))
            let run = try await post.gatepost("ledger", "verify", "ledger.ndjson")
            #expect(run.code == 0)
            #expect(run.output == "the ledger is whole: 9 entries, ends at 9 of \(Self.writer)")
            let json = try await post.gatepost("ledger", "verify", "ledger.ndjson", "--json")
            #expect(
                json.json == [
                    "verified": true, "entries": 9,
                    "writers": [["writer": .string(Self.writer), "sequence": 9, "hash": .string(chain[8].hash)]],
                    "faults": [], "fault_count": 0,
                ]
            )
        }
    }

    @Test(
        "names the entry of an export that was edited, removed, inserted or put elsewhere, and ends with 1",
        arguments: [
            ("edited", "Entry 5", "was edited"), ("removed", "Entry 5", "missing"), ("inserted", "Entry 5", "inserted"),
            ("moved", "Entry 2", "in another place"), ("broken", "Line 5", "was not read"),
        ]
    )
    func tampered(how: String, entry: String, what: String) async throws {
        try await Installation.make(.sandbox) { post in
            var lines = try Self.chain(9).map(LedgerText.ndjson)
            switch how {
            case "edited":
                lines[4] = [UInt8](String(decoding: lines[4], as: UTF8.self).replacing("0.0079", with: "0.0078").utf8)
            case "removed": lines.remove(at: 4)
            case "inserted": lines.insert(lines[4], at: 6)
            case "moved": lines.insert(lines.remove(at: 1), at: 7)
            default: lines[4] = [UInt8](String(repeating: "[", count: 3_000_000).utf8) + [0x0a]
            }
            try write(lines, post)
            let run = try await post.gatepost("ledger", "verify", "ledger.ndjson")
            #expect(run.code == 1)
            #expect(run.output.isEmpty)
            #expect(run.complaint.split(separator: "\n").contains { $0.contains(entry) && $0.contains(what) })
            if how != "broken" { #expect(run.complaint.contains(Self.writer)) }
            let json = try await post.gatepost("ledger", "verify", "ledger.ndjson", "--json")
            #expect(json.code == 1)
            #expect(json.json["verified"] == false)
            #expect(json.json["faults"]?.array?.contains { $0["what"]?.string?.contains(what) == true } == true)
        }
    }

    @Test("takes an export of a part of the time with --partial alone, and names --partial without it")
    func partial() async throws {
        try await Installation.make(.sandbox) { post in
            try write(Self.chain(9).dropFirst(3).map(LedgerText.ndjson), post)
            let run = try await post.gatepost("ledger", "verify", "ledger.ndjson")
            #expect(run.code == 1)
            #expect(run.complaint.contains("--partial"))
            let partial = try await post.gatepost("ledger", "verify", "--partial", "ledger.ndjson")
            #expect(partial.code == 0)
            #expect(partial.output.contains("6 entries, ends at 9"))
        }
    }

    @Test("refuses what is no ledger with a sentence that says what to give")
    func others() async throws {
        try await Installation.make(.sandbox) { post in
            let csv = try LedgerText.csvHeader + Self.chain(1).flatMap(LedgerText.csv)
            try Data(csv).write(to: URL(filePath: post.path("ledger.csv")))
            let table = try await post.gatepost("ledger", "verify", "ledger.csv")
            #expect(table.code == 1)
            #expect(table.complaint.contains("NDJSON"))
            try Connection(path: post.path("other.db"), access: .readWrite).execute("CREATE TABLE a (b)")
            let other = try await post.gatepost("ledger", "verify", "other.db")
            #expect(other.code == 1)
            #expect(other.complaint.contains("has no ledger"))
            try Data("SQLite format 3\0 and then nothing of the kind".utf8)
                .write(to: URL(filePath: post.path("broken.db")))
            let broken = try await post.gatepost("ledger", "verify", "broken.db")
            #expect(broken.code == 1)
            #expect(broken.complaint.contains("damaged"))
            try database(post.path("newer.db"), Self.chain(2)).execute("PRAGMA user_version = 1000")
            #expect(try await post.gatepost("ledger", "verify", "newer.db").complaint.contains("version 1000"))
            #expect(try await post.gatepost("ledger", "verify", "nowhere").code == 1)
            #expect(try await post.gatepost("ledger", "verify", ".").code == 1)
        }
    }
}

// MARK: Databases

extension LedgerCommandTests {
    /// A database as the server leaves one, its end remembered; open as long as the connection is.
    private func database(_ path: String, _ chain: [LedgerEntry]) throws -> Connection {
        var connection = try Connection(path: path, access: .readWrite)
        try connection.execute("PRAGMA journal_mode = WAL")
        for step in Migration.sqlite { try connection.execute(step.script) }
        try connection.execute("PRAGMA user_version = \(Migration.sqlite.last?.version ?? 0)")
        for entry in chain { try connection.insert(entry) }
        try connection.run(
            "INSERT INTO meta (name, value) VALUES (?, ?)",
            .text("ledger:" + Self.writer),
            .text("\(chain.count) \(chain.last?.hash ?? "")")
        )
        return connection
    }

    @Test(
        "names the row of a database that was edited, removed, inserted or put elsewhere, and ends with 1",
        arguments: [
            ("edited", "UPDATE ledger SET amount = 1 WHERE sequence = 5", ["Entry 5"]),
            ("edited to nonsense", "UPDATE ledger SET kind = 'gift' WHERE sequence = 5", ["Entry 5"]),
            ("removed", "DELETE FROM ledger WHERE sequence = 5", ["Entry 5"]),
            ("cut off", "DELETE FROM ledger WHERE sequence > 7", ["Entries 8 to 9"]),
            (
                "inserted",
                """
                INSERT INTO ledger SELECT writer, 10, at, kind, delivery, attempt, gateway, tenant, purpose, country, segments,
                    amount, currency, price_version, previous, hash FROM ledger WHERE sequence = 9
                """, ["Entry 10"]
            ),
            (
                "reordered",
                """
                UPDATE ledger SET sequence = 100 WHERE sequence = 3; UPDATE ledger SET sequence = 3 WHERE sequence = 6;
                UPDATE ledger SET sequence = 6 WHERE sequence = 100
                """, ["Entry 3", "Entry 6"]
            ),
        ]
    )
    func tamperedDatabase(how: String, script: String, names: [String]) async throws {
        try await Installation.make(.sandbox) { post in
            try database(post.path("a.db"), Self.chain(9)).execute(script)
            let run = try await post.gatepost("ledger", "verify", "a.db")
            #expect(run.code == 1, "\(how)")
            for name in names { #expect(run.complaint.contains("\(name) of writer `\(Self.writer)`"), "\(how)") }
        }
    }

    @Test("names an entry of a writer that the database does not know, however well it is made")
    func strangeWriter() async throws {
        try await Installation.make(.sandbox) { post in
            var connection = try database(post.path("a.db"), Self.chain(3))
            let known = try #require(Self.chain(1).first)
            let forged = LedgerEntry(
                writer: "ffff",
                sequence: 1,
                at: known.at,
                kind: .committed,
                delivery: known.delivery,
                attempt: 1,
                gateway: "sms-main",
                tenant: .default,
                purpose: .mfa,
                country: "US",
                segments: 1,
                amount: try #require(Money("9.00 USD")),
                priceVersion: nil,
                previous: LedgerEntry.firstPrevious
            )
            try connection.insert(forged)
            let run = try await post.gatepost("ledger", "verify", "a.db")
            #expect(run.code == 1)
            #expect(run.complaint.contains("Entry 1 of writer `ffff`"))
        }
    }

    @Test("reads a database with what stands in its WAL, and leaves both as they are")
    func wal() async throws {
        try await Installation.make(.sandbox) { post in
            let open = try database(post.path("a.db"), Self.chain(9))
            #expect(open.walFrames > 0)
            for end in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: post.path("a.db" + end), toPath: post.path("copy.db" + end))
            }
            let before = ["copy.db", "copy.db-wal"].map { FileManager.default.contents(atPath: post.path($0)) }
            let run = try await post.gatepost("ledger", "verify", "copy.db")
            #expect(run.code == 0)
            #expect(run.output == "the ledger is whole: 9 entries, ends at 9 of \(Self.writer)")
            #expect(["copy.db", "copy.db-wal"].map { FileManager.default.contents(atPath: post.path($0)) } == before)
            let partial = try await post.gatepost("ledger", "verify", "copy.db", "--partial")
            #expect(partial.code == 1)
        }
    }

    @Test("refuses a database that a server has, also by another name, and takes it once the server has gone")
    func locked() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try database(post.path("a.db"), Self.chain(2))
            try FileManager.default.createSymbolicLink(atPath: post.path("b.db"), withDestinationPath: "a.db")
            var lock = FileLock(path: post.path("a.db.lock"))
            #expect(lock != nil)
            for name in ["a.db", "b.db"] {
                let run = try await post.gatepost("ledger", "verify", name)
                #expect(run.code == 1)
                #expect(run.complaint.contains("a server has the database"))
            }
            lock = nil
            #expect(try await post.gatepost("ledger", "verify", "b.db").code == 0)
        }
    }
}

extension Connection {
    mutating func insert(_ entry: LedgerEntry) throws {
        try run(
            "INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            .text(entry.writer),
            .integer(entry.sequence),
            .integer(entry.at.milliseconds),
            .text(entry.kind.rawValue),
            .blob(entry.delivery.bytes),
            .optional(entry.attempt),
            .optional(entry.gateway),
            .text("\(entry.tenant)"),
            .text(entry.purpose.name),
            .optional(entry.country),
            .integer(entry.segments),
            .integer(entry.amount.micros),
            .text("\(entry.amount.currency)"),
            .optional(entry.priceVersion),
            .text(entry.previous),
            .text(entry.hash)
        )
    }
}
