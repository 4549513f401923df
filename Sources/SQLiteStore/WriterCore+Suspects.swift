import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store

/// What two carriers have died with, and until when a process gets nothing else so that its hands become empty for it.
struct Lonely: Sendable {
    /// What is claimed ahead of its connections a worker begins or gives back within a second.
    static let patience: Duration = .seconds(2)

    let delivery: DeliveryID
    let until: BootInstant
}

// What two carriers have died with: whoever claims it a third time holds nothing beside it.
extension WriterCore {
    /// Whether the process has not begun yet what two carriers died with: it gets nothing beside it.
    mutating func holdsSuspect(_ request: ClaimRequest) throws(SQLiteError) -> Bool {
        for id in state.suspects {
            guard let row = try hotRow(id), row.state == .leased else {
                state.suspects.remove(id)
                continue
            }
            if row.carrier == request.carrier, row.instance == request.instance { return true }
        }
        return false
    }

    /// Keeps a process from claiming anything else, at whatever gateway, until it can claim this.
    mutating func emptyHands(of request: ClaimRequest, for suspect: HotRow) {
        state.emptying = state.emptying.filter { boot < $0.value.until }
        state.emptying[request.process] = Lonely(delivery: suspect.id, until: boot + Lonely.patience)
    }

    /// What a process gets whose hands have to be empty first; `nil` where it may claim as any other.
    mutating func claimAlone(_ request: ClaimRequest) throws(SQLiteError) -> [ClaimedDelivery]? {
        guard let lonely = state.emptying[request.process] else { return nil }
        guard boot < lonely.until, let row = try hotRow(lonely.delivery), row.state == .ready, row.isSuspect,
            row.due <= now, now < row.sendBefore, try stop(of: row) == nil,
            let terms = routing.terms(of: gatewayName(row.gateway)), !isHeld(gateway: terms.name)
        else {
            state.emptying[request.process] = nil
            return nil
        }
        guard request.gateways.contains(terms.name), try !holdsAny(request) else { return [] }
        state.emptying[request.process] = nil
        state.suspects.insert(row.id)
        let claimed = try lease(row, terms, request)
        try refreshLane(of: row.tenant, at: row.place)
        return [claimed]
    }

    /// Whether the process has claimed anything that it has not begun.
    mutating func holdsAny(_ request: ClaimRequest) throws(SQLiteError) -> Bool {
        try connection.first(
            """
            SELECT 1 FROM hot INDEXED BY hot_lease
            WHERE state IN (3, 4) AND state = 3 AND carrier = ? AND instance = ? LIMIT 1
            """,
            .text(request.carrier),
            .text(request.instance),
            read: { _ in true }
        ) ?? false
    }
}

extension ClaimRequest {
    /// A process under a name of its own.
    fileprivate var process: String { carrier + "\u{0}" + instance }
}

extension Connection {
    /// What is claimed, not begun, and has taken two carriers with it.
    mutating func heldSuspects() throws(SQLiteError) -> Set<DeliveryID> {
        Set(
            try all(
                "SELECT id FROM hot INDEXED BY hot_lease WHERE state IN (3, 4) AND state = 3 AND crashes >= 2",
                read: { DeliveryID(bytes: $0.blob(0)) }
            ).compactMap(\.self)
        )
    }
}
