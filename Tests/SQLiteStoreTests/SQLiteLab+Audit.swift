import AuthEvents
import Clocks
import Cryptography
import SQLite
import Spend
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

extension SQLiteLab {
    /// Each query finds rows that must not be.
    private static let anomalies: [(name: String, query: StaticString)] = [
        ("hot without delivery", "SELECT count(*) FROM hot WHERE id NOT IN (SELECT id FROM delivery)"),
        ("ended, and hot", "SELECT count(*) FROM hot JOIN delivery USING (id) WHERE delivery.state > 4"),
        ("not ended, and not hot", "SELECT count(*) FROM delivery WHERE state <= 4 AND id NOT IN (SELECT id FROM hot)"),
        (
            "timer of what is decided",
            "SELECT count(*) FROM timer WHERE delivery NOT IN (SELECT id FROM delivery WHERE state IN (5, 6))"
        ),
        (
            "unknown without timer",
            "SELECT count(*) FROM delivery WHERE state = 5 AND id NOT IN (SELECT delivery FROM timer)"
        ),
        (
            "asked about what is known",
            "SELECT count(*) FROM timer WHERE step > 0 AND delivery NOT IN (SELECT id FROM delivery WHERE state = 5)"
        ),
        (
            "a step without what it needs",
            """
            SELECT count(*) FROM timer
            WHERE (step = 0) <> (gateway IS NULL) OR (step = 0) <> (ends IS NULL) OR step NOT BETWEEN 0 AND 3
            """
        ),
        (
            "a question no newer than its attempt",
            "SELECT count(*) FROM attempt WHERE question <= fence"
        ),
        (
            "a question without a fence",
            """
            SELECT count(*) FROM timer JOIN delivery ON delivery.id = timer.delivery
            JOIN attempt ON attempt.delivery = delivery.id AND number = tried WHERE step = 3 AND question IS NULL
            """
        ),
        ("two timers", "SELECT count(*) - count(DISTINCT delivery) FROM timer"),
        ("parked without reason", "SELECT count(*) FROM hot WHERE (state = 2) <> (reason IS NOT NULL)"),
        (
            "dead without reason",
            "SELECT count(*) FROM delivery WHERE (state = 9) <> (reason IS NOT NULL) AND (state <> 6 OR reason <> 20)"
        ),
        (
            "waits for a receipt that came, or has waited",
            """
            SELECT count(*) FROM delivery JOIN timer ON timer.delivery = id
            WHERE state = 6 AND reason IS NOT NULL
            """
        ),
        (
            "receipt without attempt",
            """
            SELECT count(*) FROM receipt LEFT JOIN attempt
            ON attempt.delivery = receipt.delivery AND attempt.number = receipt.attempt AND attempt.receipts = 1
            WHERE attempt.id IS NULL
            """
        ),
        (
            "delivered without receipt",
            "SELECT count(*) FROM delivery WHERE state IN (7, 8) AND id NOT IN (SELECT delivery FROM receipt)"
        ),
        ("claim without carrier", "SELECT count(*) FROM hot WHERE (state IN (3, 4)) <> (carrier IS NOT NULL)"),
        ("ready under a lease", "SELECT count(*) FROM hot WHERE state IN (1, 2) AND lease <> 0"),
        ("sending without attempt", "SELECT count(*) FROM hot WHERE state = 4 AND tried = 0"),
        (
            "attempts and their number",
            """
            SELECT count(*) FROM delivery LEFT JOIN hot USING (id)
            WHERE coalesce(hot.tried, delivery.tried) <> (SELECT count(*) FROM attempt WHERE delivery = delivery.id)
            """
        ),
        ("a fence twice", "SELECT count(*) - count(DISTINCT fence) FROM attempt"),
        (
            "money of what has ended",
            "SELECT count(*) FROM outlay JOIN delivery ON id = delivery WHERE reserved IS NOT NULL AND delivery.state > 4"
        ),
        (
            "waits without money",
            "SELECT count(*) FROM hot JOIN outlay ON delivery = id WHERE (reserved IS NULL) <> (state = 4 OR reason IS 4)"
        ),
        (
            "SMS without an outlay",
            "SELECT count(*) FROM hot WHERE channel = 2 AND id NOT IN (SELECT delivery FROM outlay)"
        ),
        (
            "SMS begun without money",
            """
            SELECT count(*) FROM attempt JOIN outlay USING (delivery)
            WHERE attempt.amount IS NULL OR attempt.currency IS NULL OR attempt.segments IS NULL OR attempt.period IS NULL
            """
        ),
        (
            "money of what was surely not sent, or none for what may have been",
            """
            SELECT count(*) FROM attempt WHERE amount IS NOT NULL
                AND (committed IS NULL) <> (coalesce(outcome, 1) NOT IN (1, 5) AND coalesce(abs(answer), 0) <> 2)
            """
        ),
        ("committed otherwise", "SELECT count(*) FROM attempt WHERE committed <> amount"),
        (
            "sent although answered",
            """
            SELECT count(*) FROM hot JOIN delivery USING (id) JOIN challenge ON challenge.id = delivery.challenge
            WHERE hot.state <> 4 AND (challenge.verified IS NOT NULL OR challenge.tries <= 0)
            """
        ),
        (
            "challenge that is not there",
            "SELECT count(*) FROM delivery WHERE challenge <> x'' AND challenge NOT IN (SELECT id FROM challenge)"
        ),
        ("code without a challenge", "SELECT count(*) FROM delivery WHERE (challenge = x'') <> (code = 0)"),
        ("previous with a challenge", "SELECT count(*) FROM delivery WHERE previous = 1 AND challenge <> x''"),
        (
            "previous that is no notice",
            "SELECT count(*) FROM hot JOIN delivery USING (id) WHERE previous = 1 AND priority <> 4"
        ),
        (
            "slots of what was surely not sent",
            """
            SELECT count(*) FROM delivery WHERE state = 9 AND reason <> 14 AND slots IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM attempt WHERE attempt.delivery = delivery.id AND (coalesce(outcome, 1) IN (1, 5) OR abs(answer) = 2))
            """
        ),
        (
            "suppressed without a suppression",
            "SELECT count(*) FROM suppressed WHERE suppression NOT IN (SELECT id FROM suppression)"
        ),
        (
            "suppression of nobody",
            """
            SELECT count(*) FROM suppression WHERE NOT EXISTS (
                SELECT 1 FROM suppressed WHERE suppressed.suppression = suppression.id
                    AND suppressed.person = suppression.person AND suppressed.channel = suppression.channel)
            """
        ),
        (
            "brought to what has ended",
            """
            SELECT count(*) FROM event WHERE brought IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM delivery WHERE delivery.event = event.id AND delivery.state <= 5)
            """
        ),
    ]

    func audit(against accounts: LedgerReplay) async throws {
        var connection = try Connection(path: path, access: .readOnly)
        for (name, query) in SQLiteLab.anomalies {
            let count = try connection.first(query, read: { $0.integer(0) })
            #expect(count == 0, "\(name)")
        }
        for (person, challenge) in try connection.all(
            "SELECT person, id FROM challenge WHERE person <> id",
            read: { ($0.blob(0), $0.blob(1)) }
        ) {
            let isMerged = try connection.first(
                "SELECT 1 FROM person_challenge WHERE person = ? AND challenge = ?",
                .blob(person),
                .blob(challenge),
                read: { _ in true }
            )
            let recent = try connection.recentChallenges(of: RowKey(person, part: 0))
            #expect(
                isMerged == true || ChallengeID(bytes: challenge).map(recent.contains) == true,
                "a challenge that its person does not lead to"
            )
        }
        let counted = try await post.writer.perform { core throws(SQLiteError) in core.state }
        let fresh = try WriterState.load(from: &connection, writer: post.epoch.hex)
        let scanned = try Counts.read(
            """
            SELECT delivery.tenant, delivery.channel, coalesce(hot.state, delivery.state), count(*)
            FROM delivery LEFT JOIN hot ON hot.id = delivery.id GROUP BY 1, 2, 3
            """,
            from: &connection
        )
        #expect(counted.counts == scanned)
        #expect(fresh.counts == scanned)
        // Where something is past its deadline, the writer knows more than the index says of what is due.
        let isPast = !counted.lanes.past(time.now().milliseconds).isEmpty
        #expect(counted.asked == fresh.asked)
        #expect(counted.questions == fresh.questions)
        #expect(counted.hands == fresh.hands)
        for (name, id) in counted.gatewayNames.ids {
            #expect(isPast || counted.lanes.earliest(at: [id]) == fresh.lanes.earliest(at: [id]), "\(name)")
            #expect(counted.gateways[id] == fresh.gateways[id], "\(name)")
        }
        #expect(counted.ledger == fresh.ledger)
        for (place, use) in counted.budgetUses {
            let budget = settings.budgets[place.budget]
            #expect(try connection.use(of: budget, place.key, budget.period.bounds(around: place.start)) == use)
        }
        try auditMoney(against: accounts, in: &connection)
        #expect(try connection.first("PRAGMA integrity_check", read: { $0.text(0) }) == "ok")
    }
}
