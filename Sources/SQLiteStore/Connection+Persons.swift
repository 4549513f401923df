import AuthEvents
import SQLite
import Store

extension Connection {
    static let toPerson: StaticString = """
        SELECT delivery.id FROM challenge INDEXED BY challenge_person
        JOIN delivery INDEXED BY delivery_challenge ON delivery.challenge = challenge.id
        WHERE challenge.person = ?1 AND delivery.id < ?2
        UNION ALL
        SELECT id FROM delivery INDEXED BY delivery_person WHERE person = ?1 AND id < ?2
        ORDER BY 1 DESC LIMIT ?3
        """

    /// Costs what the person has, not what there is.
    mutating func page(
        to persons: [Digest],
        after: DeliveryID?,
        limit: Int,
        outlook: UnknownOutlook
    ) throws(SQLiteError) -> DeliveryPage {
        let end = after?.bytes ?? [UInt8](repeating: 0xff, count: 17)
        var ids: [DeliveryID] = []
        for person in persons {
            ids += try all(
                Connection.toPerson,
                .blob(person.bytes),
                .blob(end),
                .integer(Int64(limit + 1)),
                read: { DeliveryID(bytes: $0.blob(0)) }
            ).compactMap(\.self)
        }
        ids.sort(by: >)
        var items: [DeliveryReport] = []
        for id in ids.prefix(limit) { items += try reports(DeliveryFilter(limit: 1), only: id, outlook) }
        return DeliveryPage(items: items, next: ids.count > limit ? ids[limit - 1] : nil)
    }
}
