import CSQLite
import Clocks
import Foundation
import JSON

/// Whether the checks see what they are for: what held up to them is forged, one thing at a time, and must not hold any more.
struct SelfCheck {
    let evidence: Evidence
    /// Where a copy of the database may be made.
    let folder: String

    /// What went unnoticed.
    func faults() throws -> [String] {
        let count = try evidence.findings()
        var faults: [String] = []
        func expect(_ what: String, _ forged: Evidence, _ isSeen: (Findings) -> Bool) throws {
            if try !isSeen(forged.findings()) { faults.append("The checks do not notice \(what).") }
        }
        func isMore(_ findings: Findings) -> Bool { findings.faults.count > count.faults.count }

        var forged = evidence
        if let event = evidence.entries.values.first(where: { $0.acceptedAt != nil })?.event {
            let now = SystemTime.machine.boot().milliseconds
            var entry = Journal.Entry(event: event, postedAt: now)
            (entry.acceptedAt, entry.deliveries) = (now, [SelfCheck.nobody])
            forged.entries["forged"] = entry
            try expect("an event that is lost", forged) { $0.lost > count.lost }
        }
        if let take = evidence.takes.last(where: { !$0.isMail && !evidence.isBlind(at: $0.boot) }) {
            forged = evidence
            forged.takes.append(take)
            try expect("an SMS that was taken twice", forged) { $0.duplicates > count.duplicates && isMore($0) }
            forged = evidence
            forged.takes.append(take)
            forged.takes[forged.takes.count - 1].key = SelfCheck.nobody
            try expect("an SMS that is not in the ledger", forged) { $0.unledgered > count.unledgered }
            forged = evidence
            forged.takes = []
            try expect("messages that nobody took", forged) { $0.lost > count.lost }
        }
        if let verification = evidence.verifications.last(where: { !evidence.isBlind(at: $0.at) }) {
            forged = evidence
            forged.verifications.append(verification)
            try expect("a code that worked twice", forged, isMore)
        }
        let known = evidence.entries.values.first { entry in
            entry.acceptedAt.map { !evidence.isBlind(at: $0) } ?? false
        }
        if let flood = flood() {
            forged = evidence
            forged.entries.merge(flood) { _, forged in forged }
            forged.greedy.insert(SelfCheck.stranger)
            // Its messages are lost, too, which is another fault.
            func floods(_ findings: Findings) -> Int { findings.faults.count { $0.contains("went to one person") } }
            try expect("a person who gets more than a limit lets pass", forged) { floods($0) > floods(count) }
        }
        for (what, change) in SelfCheck.changes(deleting: known?.deliveries.first ?? SelfCheck.nobody) {
            guard let copy = try copy(changed: change) else { continue }
            forged = evidence
            forged.database = copy
            try expect(what, forged, isMore)
        }
        return faults
    }

    /// So many events for one person at once that their messages are more than may go out; nothing where the clock was never
    /// left alone while an event came.
    private func flood() -> [String: Journal.Entry]? {
        let model = evidence.entries.values.first { entry in
            guard let moment = entry.acceptedAt, !entry.deliveries.isEmpty else { return false }
            return !evidence.isBlind(at: moment) && evidence.isSteady(at: moment, for: 20_000)
        }
        guard var entry = model, let moment = entry.acceptedAt else { return nil }
        entry.event = ["data": ["email": .string(SelfCheck.stranger)]]
        entry.postedAt = moment
        // A real one may have given its place back.
        entry.deliveries = [SelfCheck.nobody]
        let numbers = 0...StormSettings.perPerson * 2
        return Dictionary(uniqueKeysWithValues: numbers.map { ("flood-\($0)", entry) })
    }

    private static let stranger = "nobody@example.com"
    /// An id that nothing has.
    private static let nobody = String(repeating: "0", count: 32)

    private static func changes(deleting delivery: String) -> [(String, String)] {
        [
            ("an edited ledger", "UPDATE ledger SET amount = amount + 1 WHERE sequence = 2"),
            ("a missing entry of the ledger", "DELETE FROM ledger WHERE sequence = 2"),
            ("a delivery that is gone", "DELETE FROM delivery WHERE id = x'\(delivery)'"),
            ("an outcome that is gone", "UPDATE attempt SET outcome = 6 WHERE outcome = 1"),
            ("a message that carriers are said to die of", "UPDATE delivery SET reason = 16 WHERE state = 9"),
        ]
    }

    /// Returns the path of a copy of the database with a change; `nil` where there was nothing to change.
    private func copy(changed change: String) throws -> String? {
        let path = folder + "/forged.db"
        for end in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + end) {
            try FileManager.default.removeItem(atPath: path + end)
        }
        for end in ["", "-wal"] where FileManager.default.fileExists(atPath: evidence.database + end) {
            try FileManager.default.copyItem(atPath: evidence.database + end, toPath: path + end)
        }
        var handle: OpaquePointer?
        defer { sqlite3_close_v2(handle) }
        guard sqlite3_open(path, &handle) == SQLITE_OK, sqlite3_exec(handle, change, nil, nil, nil) == SQLITE_OK else {
            throw Disappointment("\(path) cannot be changed.")
        }
        return sqlite3_total_changes64(handle) > 0 ? path : nil
    }
}
