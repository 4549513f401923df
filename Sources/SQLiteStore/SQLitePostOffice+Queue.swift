package import AuthEvents
package import Clocks
package import Deliveries
import SQLite
package import Store

extension SQLitePostOffice: DeliveryQueue {
    package func claim(_ request: ClaimRequest) async throws(StoreError) -> [ClaimedDelivery] {
        try await writer.perform { core throws(SQLiteError) in try core.claim(request) }
    }

    /// Costs the writer nothing where no question waits.
    package func questions(
        _ request: ClaimRequest,
        isShare: Bool
    ) async throws(StoreError) -> [ClaimedQuestion] {
        let state = published.state
        let isAnyThere = request.gateways.contains { name in
            state.gatewayNames.ids[name].map { state.questions[$0] != nil } ?? false
        }
        guard isAnyThere else { return [] }
        return try await writer.perform { core throws(SQLiteError) in try core.questions(request, isShare: isShare) }
    }

    package func workMark() -> WorkMark { board.mark() }

    package func wake(_ gateways: [String]) { board.wake(Set(gateways)) }

    package var isClosing: Bool { board.isClosed }

    package func waitForWork(
        _ request: ClaimRequest,
        since seen: WorkMark,
        until deadline: BootInstant,
        isPeerThere: @escaping @Sendable () -> Bool
    ) async -> [ClaimedDelivery] {
        var limit = deadline - time.boot()
        let state = published.state
        let ids = Set(request.gateways.compactMap { state.gatewayNames.ids[$0] })
        if let due = state.earliest(at: ids, below: request.inHandBelow) {
            // A millisecond at the least: a row that a claim passes over must not turn the wait into a spin.
            limit = min(limit, max(Instant(milliseconds: due) - time.now(), .milliseconds(1)))
        }
        return await board.wait(request, since: seen, atMost: limit, isPeerThere: isPeerThere)
    }

    package func free(_ tokens: [CarrierToken]) async throws(StoreError) {
        try await writer.perform { core throws(SQLiteError) in try core.free(tokens) }
    }

    package func begin(
        _ items: [BeginItem],
        behind outcomes: [Settlement],
        for gateways: Set<String>?
    ) async throws(StoreError) -> (begun: [BeginResult], settled: [SettleResult]) {
        try await writer.perform { core throws(SQLiteError) in
            let settled = try core.settle(outcomes, for: gateways)
            var begun: [BeginResult] = []
            for item in items { begun.append(try core.begin(item, for: gateways)) }
            return (begun, settled)
        }
    }

    package func settle(
        _ outcomes: [Settlement],
        for gateways: Set<String>?
    ) async throws(StoreError) -> [SettleResult] {
        try await writer.perform { core throws(SQLiteError) in try core.settle(outcomes, for: gateways) }
    }

    package func cancel(_ id: DeliveryID, of tenant: TenantName?) async throws(StoreError) -> Bool? {
        try await writer.perform { core throws(SQLiteError) in try core.cancel(id, of: tenant?.description) }
    }

    package func refuse(_ token: CarrierToken) async throws(StoreError) {
        try await writer.perform { core throws(SQLiteError) in try core.refuse(token) }
    }
}
