import AuthEvents
import Deliveries
import SQLite

extension WriterCore {
    static let gatewayOfClaim: StaticString = """
        SELECT coalesce(
            (SELECT gateway FROM attempt WHERE delivery = ?1 AND ?2 IN (fence, question)),
            (SELECT gateway FROM hot WHERE id = ?1 AND fence = ?2),
            (SELECT gateway FROM delivery WHERE id = ?1 AND fence = ?2))
        """

    /// Whether a token is of a claim at one of the gateways that its bearer may carry for; `nil` is all of them.
    ///
    /// An attempt keeps the gateway that it was begun at, whatever the delivery did afterwards.
    mutating func isClaim(_ token: CarrierToken, at gateways: Set<String>?) throws(SQLiteError) -> Bool {
        guard let gateways else { return true }
        let gateway = try connection.first(
            WriterCore.gatewayOfClaim,
            .blob(token.delivery.bytes),
            .integer(token.fence),
            read: { $0.optionalInteger(0) }
        )
        return gateway?.flatMap(\.self).map { gateways.contains(gatewayName($0)) } ?? false
    }
}
