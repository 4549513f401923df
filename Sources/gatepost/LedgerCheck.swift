import Foundation
import JSON
import Processes
import SQLiteStore
import Spend

/// Audits a ledger that lies in a file, without a server.
struct LedgerCheck {
    /// What a database begins with (sqlite.org/fileformat.html, section 1.3).
    private static let databaseMark = "SQLite format 3\0"

    let file: String
    let isPartial: Bool

    /// What was found, in the shape of the server's answer.
    func run() throws -> JSONValue {
        var reader = try LineReader(path: file)
        if try reader.begins(with: LedgerCheck.databaseMark.utf8) { return try json(of: auditDatabase()) }
        guard try !reader.begins(with: "writer,sequence,".utf8) else {
            throw CommandFailure(1, "\(file) is a CSV export; only NDJSON holds what the hashes are of, so check that")
        }
        var audit = LedgerAudit(isPartial: isPartial)
        var progress = Progress("checking \(file)")
        var line = 0
        while let bytes = try reader.next() {
            line += 1
            audit.take(bytes, line: line)
            if line.isMultiple(of: 1000) { progress.show(reader.bytesRead, of: reader.byteCount) }
        }
        progress.end()
        audit.finish()
        if !isPartial, audit.beginsLater {
            CommandLineTool.complain("\(file) does not begin with the first entry; --partial is for such an export")
        }
        return json(of: audit)
    }

    private func auditDatabase() throws -> LedgerAudit {
        guard !isPartial else { throw CommandFailure(1, "a database holds the whole ledger; leave out --partial") }
        let path = URL(filePath: file).resolvingSymlinksInPath().path(percentEncoded: false)
        let lock = path + ".lock"
        // Its server holds the lock as long as it runs; where there never was one there is no file.
        guard !FileManager.default.fileExists(atPath: lock) || FileLock(path: lock) != nil else {
            throw CommandFailure(
                1,
                "a server has the database \(file), or its lock \(lock) may not be opened; nothing was checked. "
                    + "Ask the server with `gatepost ledger verify`, or stop it."
            )
        }
        return try auditLedger(ofDatabase: path)
    }

    private func json(of audit: LedgerAudit) -> JSONValue {
        let writers = audit.heads.sorted { $0.key < $1.key }.map { writer, head -> JSONValue in
            ["writer": .string(writer), "sequence": .integer(head.sequence), "hash": .string(head.hash)]
        }
        let faults = audit.faults.map { fault -> JSONValue in
            [
                "writer": fault.writer.map(JSONValue.string) ?? .null,
                "sequence": fault.sequence.map(JSONValue.integer) ?? .null,
                "what": .string(fault.description),
            ]
        }
        return [
            "verified": .bool(audit.faultCount == 0), "entries": .integer(audit.entries), "writers": .array(writers),
            "faults": .array(faults), "fault_count": .integer(Int64(audit.faultCount)),
        ]
    }
}

extension LedgerAudit {
    /// Whether a chain lacks its beginning and nothing else was found in it.
    fileprivate var beginsLater: Bool {
        !faults.isEmpty
            && faults.allSatisfy { fault in
                if case .missing = fault.what { return fault.sequence == 1 }
                return false
            }
    }
}
