import AuthEvents
import SQLite
import Store

extension Connection {
    static let ofChallenge: StaticString = """
        SELECT id FROM delivery INDEXED BY delivery_challenge WHERE challenge = ? AND id < ? ORDER BY id DESC LIMIT ?
        """
    static let toPerson: StaticString = """
        SELECT id FROM delivery INDEXED BY delivery_person WHERE person = ? AND id < ? ORDER BY id DESC LIMIT ?
        """

    /// Costs what the person has, not what there is.
    mutating func page(
        to persons: [Digest],
        after: DeliveryID?,
        limit: Int,
        outlook: UnknownOutlook
    ) throws(SQLiteError) -> DeliveryPage {
        let end = after?.bytes ?? [UInt8](repeating: 0xff, count: 17)
        var ids: Set<DeliveryID> = []
        for person in persons {
            var challenges = try recentChallenges(of: RowKey(person))
            for challenge in try all(
                "SELECT challenge FROM person_challenge WHERE person = ?",
                .blob(person.bytes),
                read: { ChallengeID(bytes: $0.blob(0)) }
            ) {
                if let challenge { challenges.insert(challenge) }
            }
            for challenge in challenges {
                try add(to: &ids, Connection.ofChallenge, challenge.bytes, before: end, limit + 1)
            }
            try add(to: &ids, Connection.toPerson, person.bytes, before: end, limit + 1)
        }
        let newest = ids.sorted(by: >)
        var items: [DeliveryReport] = []
        for id in newest.prefix(limit) { items += try reports(DeliveryFilter(limit: 1), only: id, outlook) }
        return DeliveryPage(items: items, next: newest.count > limit ? newest[limit - 1] : nil)
    }

    private mutating func add(
        to ids: inout Set<DeliveryID>,
        _ statement: StaticString,
        _ key: [UInt8],
        before end: [UInt8],
        _ limit: Int
    ) throws(SQLiteError) {
        let found = try all(
            statement,
            .blob(key),
            .blob(end),
            .integer(Int64(limit)),
            read: { DeliveryID(bytes: $0.blob(0)) }
        )
        ids.formUnion(found.compactMap(\.self))
    }
}
