import CSQLite
import Foundation
import JSON

/// Whether the checks see what they are for: what is held up to them is forged, one thing at a time, and must not hold any more.
struct SelfCheck {
    /// Something that did not happen.
    private struct Forgery {
        var name: String
        /// What the checks say of it.
        var words: String
        /// Evidence of it; `nil` where there is nothing to forge it from.
        var evidence: () throws -> Evidence?
    }

    let evidence: Evidence
    /// Where a copy of the database may be made.
    let folder: String

    /// What went unnoticed, and what nothing could be forged from.
    func faults() async throws -> [String] {
        let findings = try evidence.findings()
        var faults: [String] = []
        for forgery in try forgeries(findings) {
            guard let forged = try forgery.evidence() else {
                faults.append("There is nothing from which \(forgery.name) can be forged.")
                continue
            }
            func count(_ findings: Findings) -> Int { findings.faults.count { $0.contains(forgery.words) } }
            if try count(forged.findings()) <= count(findings) {
                faults.append("The checks do not notice \(forgery.name).")
            }
        }
        let file = URL(filePath: folder + "/forged.txt")
        try Data("to \(Application.mail(1))".utf8).write(to: file)
        if await PersonCheck.secrecy(in: folder).isEmpty {
            faults.append("The checks do not notice a readable person.")
        }
        try FileManager.default.removeItem(at: file)
        return faults
    }

    private func forgeries(_ findings: Findings) throws -> [Forgery] {
        let records = try Records(Database(evidence.database))
        let known = evidence.takes.filter { take in
            !evidence.isBlind(at: take.boot) && evidence.isSteady(at: take.boot, for: StormTerms.beginLease + 1000)
                && records.delivery(of: take) != nil
        }
        let text = known.last { !$0.isMail }
        let mail = known.last { $0.isMail && records.attempts(of: $0.key).allSatisfy { !$0.wasUnknown } }
        return taken(text, mail, records) + posted(findings)
            + Self.changes(deleting: known.first.flatMap(records.delivery))
            .map { change in
                Forgery(name: change.name, words: change.words) {
                    guard let copy = try copy(changed: change.statement) else { return nil }
                    return evidence.with { $0.database = copy }
                }
            }
    }

    /// Of what gateways took.
    private func taken(_ text: GatewayRecord.Take?, _ mail: GatewayRecord.Take?, _ records: Records) -> [Forgery] {
        /// Another take, made of this one.
        func another(_ take: GatewayRecord.Take?, _ change: (inout GatewayRecord.Take) -> Void) -> Evidence? {
            guard var take else { return nil }
            change(&take)
            return evidence.with { $0.takes.append(take) }
        }
        func late(_ take: GatewayRecord.Take?) -> Evidence? {
            another(take) { $0.wall += StormTerms.beginLease * 2 }
        }
        return [
            Forgery(name: "an SMS that was taken twice", words: "an SMS, was taken 2 times") { another(text) { _ in } },
            Forgery(name: "a mail that was taken twice", words: "with 0 unknown outcomes") { another(mail) { _ in } },
            Forgery(name: "an SMS that is not in the ledger", words: "the ledger holds nothing for it") {
                another(text) { $0.key = SelfCheck.nobody }
            },
            Forgery(name: "a mail that nobody asked for", words: "that the store does not know") {
                another(mail) { $0.key = SelfCheck.nobody }
            },
            Forgery(name: "messages that nobody took", words: "nobody took it") { evidence.with { $0.takes = [] } },
            Forgery(name: "a mail that was sent late", words: "after its deadline") {
                another(mail) { $0.begun = (records.deliveries[$0.key]?.sendBefore ?? 0) + StormTerms.skew + 1 }
            },
            Forgery(name: "an SMS of a carrier whose time was over", words: ", an SMS, was sent outside the lease") {
                late(text)
            },
            Forgery(name: "a mail of a carrier whose time was over", words: "was sent outside the lease") {
                late(mail)
            },
            Forgery(name: "a message that was sent after it was cancelled", words: "after it was cancelled") {
                mail.map { mail in evidence.with { $0.cancelled[mail.key] = mail.boot - 1 } }
            },
        ]
    }

    /// Of what applications and people did and were answered.
    private func posted(_ findings: Findings) -> [Forgery] {
        [
            Forgery(name: "an event that is lost", words: "is not in the store") {
                guard var (id, entry) = model else { return nil }
                entry.deliveries = [SelfCheck.nobody]
                id += "-forged"
                return evidence.with { $0.entries[id] = entry }
            },
            Forgery(name: "more unknown outcomes than may be", words: "outcomes are unknown, at most") {
                evidence.with { $0.unknownsAtMost = findings.unknowns - 1 }
            },
            Forgery(name: "a code that worked twice", words: "was verified") {
                evidence.verifications.last { !evidence.isBlind(at: $0.at) }.map { verification in
                    evidence.with { $0.verifications.append(verification) }
                }
            },
            Forgery(name: "a person who gets more than a limit lets pass", words: "went to one person") {
                flood().map { flood in
                    evidence.with {
                        $0.entries.merge(flood) { _, forged in forged }
                        $0.greedy.insert(SelfCheck.stranger)
                    }
                }
            },
        ]
    }

    /// An event that was accepted when the clock was left alone.
    private var model: (id: String, entry: Journal.Entry)? {
        evidence.entries.first { _, entry in
            guard let moment = entry.acceptedAt, !entry.deliveries.isEmpty else { return false }
            return !evidence.isBlind(at: moment) && evidence.isSteady(at: moment, for: 20_000)
        }.map { ($0.key, $0.value) }
    }

    /// So many events for one person at once that their messages are more than may go out.
    private func flood() -> [String: Journal.Entry]? {
        guard var entry = model?.entry, let moment = entry.acceptedAt else { return nil }
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

    private static func changes(deleting delivery: String?) -> [(name: String, words: String, statement: String)] {
        func ends(_ what: String, _ words: String, _ reason: Int) -> (name: String, words: String, statement: String) {
            ("a message that \(what)", words, "UPDATE delivery SET state = 9, reason = \(reason) WHERE state = 6")
        }
        return [
            ("an edited ledger", "does not follow", "UPDATE ledger SET amount = amount + 1 WHERE sequence = 2"),
            ("a missing entry of the ledger", "does not follow", "DELETE FROM ledger WHERE sequence = 2"),
            (
                "a budget that was passed", "A budget was at",
                "UPDATE ledger SET amount = amount * 1000 WHERE country = '\(StormSettings.dearCountry)' AND kind = 'reserved'"
            ),
            ("sums unlike the ledger's", "Budgets go by", "UPDATE spend SET committed = committed + 1"),
            (
                "money that stays reserved", "stay reserved",
                "UPDATE ledger SET amount = amount + 1 WHERE kind = 'reserved'"
            ),
            (
                "a delivery that is gone", "is not in the store",
                "DELETE FROM delivery WHERE id = x'\(delivery ?? nobody)'"
            ),
            ("an outcome that is gone", "without an attempt", "UPDATE attempt SET outcome = 6 WHERE outcome = 1"),
            ("fences that fall", "have the fences", "UPDATE attempt SET fence = -number"),
            ("a damaged index", "is damaged", damage),
            ("a message that never ends", "has come to rest", "UPDATE delivery SET state = 5 WHERE state = 6"),
            (
                "a message that expired early", "before its deadline",
                "UPDATE delivery SET state = 9, reason = 11, ended = send_before - 1 WHERE state = 6"
            ),
            ends("no gateway refused", "no gateway did that", 10),
            ends("was tried once and given up", "is exhausted", 12),
            ends("nobody cancelled", "nobody asked for it", 13), ends("nothing supersedes", "by nothing", 14),
            ends("nobody answered", "nobody typed", 15), ends("is said to kill carriers", "workers die of", 16),
            ends("was given up although all is known of it", "all is known", 17),
            ends("ended for no reason", "has come to rest", 18),
        ]
    }

    /// An index is forgotten, whose pages are then nobody's.
    private static let damage = """
        PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE type = 'index' AND name = 'delivery_event'
        """

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

extension Evidence {
    /// A copy that says otherwise.
    fileprivate func with(_ change: (inout Evidence) -> Void) -> Evidence {
        var copy = self
        change(&copy)
        return copy
    }
}
