import AuthEvents
import Challenges
import Clocks
import Deliveries
import SQLite
import Store

/// A row of `challenge` with what verification needs beside it.
struct ChallengeRow {
    var challenge: Challenge
    var person: Digest
    var tenant: Int64
    var event: EventID
    var sealed: SealedBytes
    var codeKey: String
    var verifiedKey: [UInt8]?
    var verifiedContent: [UInt8]?
    /// Names the group it belongs to, if any.
    var party: [UInt8]?
    /// How often the person was written to for the purpose without verifying, and when last.
    var sends: Int64
    var sentAt: Instant

    /// Columns in this order: `challenge.*` as listed in ``Connection/challenge(_:)``.
    init?(_ row: borrowing Row) {
        guard let id = ChallengeID(bytes: row.blob(0)), let event = EventID(bytes: row.blob(1)),
            let purpose = Purpose(rawValue: row.integer(3)), let channel = Channel(rawValue: row.integer(4))
        else { return nil }
        challenge = Challenge(
            id: id,
            purpose: purpose,
            channel: channel,
            digits: Int(row.integer(8)),
            codes: row.integer(9),
            issuedAt: Instant(milliseconds: row.integer(10)),
            expiresAt: Instant(milliseconds: row.integer(11)),
            earlierExpiresAt: row.optionalInteger(12).map(Instant.init),
            triesLeft: row.integer(13),
            verifiedAt: row.optionalInteger(14).map(Instant.init),
            closedAt: row.optionalInteger(20).map(Instant.init),
            session: row.optionalBlob(6)
        )
        self.event = event
        tenant = row.integer(2)
        person = Digest(bytes: row.blob(5))
        codeKey = row.text(7)
        verifiedKey = row.optionalBlob(15)
        verifiedContent = row.optionalBlob(16)
        sealed = SealedBytes(key: row.text(17), bytes: row.blob(18))
        party = row.optionalBlob(19)
        sends = row.integer(21)
        sentAt = Instant(milliseconds: row.integer(22))
    }
}

extension Connection {
    mutating func challenge(_ id: ChallengeID) throws(SQLiteError) -> ChallengeRow? {
        try first(
            """
            SELECT challenge.id, event, challenge.tenant, challenge.purpose, channel, person, session, code_key, digits,
                codes, issued, expires, earlier_expires, tries, verified, verified_key, verified_content, seal_key, sealed,
                party, closed, sends, sent
            FROM challenge JOIN event ON event.id = challenge.event WHERE challenge.id = ?
            """,
            .id(id),
            read: ChallengeRow.init
        )?.flatMap(\.self)
    }

    /// A challenge and the others of its group, oldest first after it.
    mutating func group(of row: ChallengeRow) throws(SQLiteError) -> [ChallengeRow] {
        guard let party = row.party else { return [row] }
        let members = try all(
            """
            SELECT challenge.id, event, challenge.tenant, challenge.purpose, channel, person, session, code_key, digits,
                codes, issued, expires, earlier_expires, tries, verified, verified_key, verified_content, seal_key, sealed,
                party, closed, sends, sent
            FROM challenge INDEXED BY challenge_party JOIN event ON event.id = challenge.event
            WHERE party = ? ORDER BY challenge.id LIMIT 16
            """,
            .blob(party),
            read: ChallengeRow.init
        )
        return [row] + members.compactMap(\.self).filter { $0.challenge.id != row.challenge.id }
    }

    /// The token bucket of a person's wrong tries, and the tries where no challenge was open.
    mutating func tries(of person: Digest, purpose: Purpose) throws(SQLiteError) -> TriesRow {
        try first(
            "SELECT full_at, shadow, updated FROM tries WHERE person = ? AND purpose = ?",
            .blob(person.bytes),
            .integer(purpose.rawValue),
            read: {
                TriesRow(
                    fullAt: $0.integer(0),
                    shadow: $0.integer(1),
                    updated: Instant(milliseconds: $0.integer(2))
                )
            }
        ) ?? TriesRow(fullAt: .min, shadow: 0, updated: Instant(milliseconds: 0))
    }
}

struct TriesRow {
    var fullAt: Int64
    var shadow: Int64
    var updated: Instant
}

extension WriterCore {
    static let unsent: StaticString = """
        SELECT delivery.id FROM delivery INDEXED BY delivery_challenge JOIN hot ON hot.id = delivery.id
        WHERE delivery.challenge = ? AND hot.state IN (1, 2, 3)
        """
    static let unknown: StaticString =
        "SELECT id, channel, tenant FROM delivery INDEXED BY delivery_challenge WHERE challenge = ? AND state = 5"

    /// The newest challenges of a person and purpose, newest first; more than a few are never open at once.
    mutating func challenges(of person: Digest, purpose: Purpose) throws(SQLiteError) -> [ChallengeRow] {
        guard let row = try recent.persons.row(RowKey(person, purpose), &connection) else { return [] }
        var challenges: [ChallengeRow] = []
        for id in row.challenges.sorted(by: >).prefix(Int(PersonRow.read)) {
            if let challenge = try connection.challenge(id) { challenges.append(challenge) }
        }
        return challenges
    }

    /// Puts a challenge with those of its person.
    mutating func add(_ challenge: ChallengeID, to person: Digest, purpose: Purpose) throws(SQLiteError) {
        let key = RowKey(person, purpose)
        var row = try recent.persons.row(key, &connection)
        if row == nil { row = PersonRow(challenges: [challenge]) } else { row?.add(challenge) }
        if let full = row, full.challenges.count >= PersonRow.most {
            try full.write(key, to: &connection, at: now)
            row = PersonRow(challenges: Array(full.challenges.sorted(by: >).prefix(Int(PersonRow.read))))
        }
        if let row { recent.persons.set(key, row) }
    }

    /// All challenges of a person, whatever they are for.
    mutating func challenges(of person: RowKey) throws(SQLiteError) -> [(key: RowKey, challenge: ChallengeID)] {
        let known = try connection.all(
            "SELECT purpose, challenge FROM person_challenge WHERE person = ?",
            .blob(person.digest),
            read: { row in
                ChallengeID(bytes: row.blob(1)).map { (RowKey(person.digest, part: UInt32(row.integer(0))), $0) }
            }
        ).compactMap(\.self)
        var challenges = known
        for purpose in Purpose.allCases {
            let key = RowKey(person.digest, part: UInt32(purpose.rawValue))
            for challenge in recent.persons.row(key)?.challenges ?? []
            where !known.contains(where: { $0.1 == challenge }) {
                challenges.append((key, challenge))
            }
        }
        return challenges
    }

    /// Leaves nothing that leads from a person to a challenge.
    mutating func part(_ challenge: ChallengeID, from key: RowKey) throws(SQLiteError) {
        let rest = recent.persons.row(key)?.challenges.filter { $0 != challenge } ?? []
        recent.forgetPerson(key)
        if let row = PersonRow(challenges: rest) { recent.persons.set(key, row) }
        try connection.run(
            "DELETE FROM person_challenge WHERE person = ? AND purpose = ? AND challenge = ?",
            .blob(key.digest),
            .integer(Int64(key.part)),
            .id(challenge)
        )
    }

    /// Ends what of a challenge has not been begun.
    mutating func endUnsent(of challenge: ChallengeID, as reason: Reason) throws(SQLiteError) {
        let ids = try connection.all(
            WriterCore.unsent,
            .id(challenge),
            read: { DeliveryID(bytes: $0.blob(0)) }
        )
        for id in ids {
            guard let id, let row = try hotRow(id) else { continue }
            // Only a challenge without tries cancels what was to prove it.
            try retire(reason == .cancelled ? row.because(.locked) : row, to: .dead, reason: reason)
        }
        try endUnknown(of: challenge, as: reason)
    }

    /// An unknown outcome no longer matters once the challenge is verified; nothing more is sent.
    private mutating func endUnknown(of challenge: ChallengeID, as reason: Reason) throws(SQLiteError) {
        guard reason == .answered else { return }
        let ids = try connection.all(
            WriterCore.unknown,
            .id(challenge),
            read: { ($0.blob(0), $0.integer(1), $0.integer(2)) }
        )
        for (id, channel, tenant) in ids {
            guard let channel = Channel(rawValue: channel), let delivery = DeliveryID(bytes: id) else { continue }
            try endUnknown(delivery, of: tenant, on: channel, as: reason)
        }
    }

    /// Ends an outcome that nobody will ask about any more; what was committed to it stays.
    mutating func endUnknown(
        _ delivery: DeliveryID,
        of tenant: Int64,
        on channel: Channel,
        as reason: Reason
    ) throws(SQLiteError) {
        try connection.run(
            "UPDATE delivery SET state = 9, reason = ?, ended = ? WHERE id = ?",
            .integer(reason.rawValue),
            .integer(now.milliseconds),
            .id(delivery)
        )
        try endCourse(of: delivery)
        try eraseBrought(with: delivery)
        state.counts.move(tenant, channel, from: .unknown, to: .dead)
    }

    mutating func save(_ tries: TriesRow, of person: Digest, purpose: Purpose) throws(SQLiteError) {
        try connection.run(
            "INSERT OR REPLACE INTO tries (person, purpose, full_at, shadow, updated) VALUES (?, ?, ?, ?, ?)",
            .blob(person.bytes),
            .integer(purpose.rawValue),
            .integer(tries.fullAt),
            .integer(tries.shadow),
            .integer(now.milliseconds)
        )
    }

    /// A challenge that opens starts with all of its tries.
    mutating func forgetShadow(of person: Digest, purpose: Purpose) throws(SQLiteError) {
        try connection.run(
            "UPDATE tries SET shadow = 0 WHERE person = ? AND purpose = ? AND shadow <> 0",
            .blob(person.bytes),
            .integer(purpose.rawValue)
        )
    }
}

extension RowKey {
    /// Of a person's challenges for a purpose.
    init(_ person: Digest, _ purpose: Purpose) {
        self.init(person, part: UInt32(purpose.rawValue))
    }
}
