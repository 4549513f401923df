import AuthEvents
import Clocks
import Deliveries
import Spend
import Store

// What no planted fault touches.

extension FaultyStore: BackupStore, ErasureStore, ReceiptStore, RefusalStore {
    func backUp(while proceed: @escaping @Sendable () -> Bool) async throws(BackupError) -> StoreCopy {
        try await base.backUp(while: proceed)
    }

    func restores() async throws(StoreError) -> [Restore] { try await base.restores() }
    func tenants() async throws(StoreError) -> [TenantName] { try await base.tenants() }

    func erase(_ persons: [Digest], buckets: [[UInt8]]) async throws(StoreError) -> Erasure {
        try await base.erase(persons, buckets: buckets)
    }

    func receive(
        _ receipt: Receipt,
        of gateway: String,
        at address: AttemptID?
    ) async throws(StoreError) -> ReceiptResult {
        try await base.receive(receipt, of: gateway, at: address)
    }

    func keep(_ refusals: [KeptRefusal]) { base.keep(refusals) }

    func refusal(_ id: RefusalID, of tenant: TenantName?) async throws(StoreError) -> KeptRefusal? {
        try await base.refusal(id, of: tenant)
    }
}

extension FaultyStore: ReplayStore {
    func begin(_ replay: NewReplay) async throws(StoreError) -> ReplayBeginning { try await base.begin(replay) }

    func replay(_ id: ReplayID, of tenant: TenantName?) async throws(StoreError) -> Replay? {
        try await base.replay(id, of: tenant)
    }

    func stopReplay(_ id: ReplayID, of tenant: TenantName?) async throws(StoreError) -> Replay? {
        try await base.stopReplay(id, of: tenant)
    }

    func shares(of replay: ReplayID) async throws(StoreError) -> [ReplayPreview.Place: ReplayPreview.Share] {
        try await base.shares(of: replay)
    }

    func runningReplays() async throws(StoreError) -> [Replay] { try await base.runningReplays() }

    func candidates(
        _ filter: DeliveryFilter,
        after: DeliveryID?,
        limit: Int
    ) async throws(StoreError) -> [ReplayCandidate] {
        try await base.candidates(filter, after: after, limit: limit)
    }

    func judge(
        _ items: [ReplayItem],
        besides sums: ReplaySums
    ) async throws(StoreError) -> (fates: [ReplayFate], sums: ReplaySums) {
        try await base.judge(items, besides: sums)
    }

    func send(_ items: [ReplayItem], of replay: ReplayID, isLast: Bool) async throws(StoreError) -> Replay {
        try await base.send(items, of: replay, isLast: isLast)
    }
}

extension FaultyStore: SpendRecords, TokenStore {
    func ledger(_ filter: LedgerFilter) async throws(StoreError) -> [LedgerEntry] { try await base.ledger(filter) }
    func auditLedger() async throws(StoreError) -> LedgerAudit { try await base.auditLedger() }
    func spend(_ query: SpendQuery) async throws(StoreError) -> SpendReport { try await base.spend(query) }

    func budgets(of tenant: TenantName?) async throws(StoreError) -> [BudgetStanding] {
        try await base.budgets(of: tenant)
    }

    func create(_ token: StoredToken) async throws(StoreError) { try await base.create(token) }
    func token(hash: Digest) async throws(StoreError) -> StoredToken? { try await base.token(hash: hash) }
    func tokens(_ filter: TokenFilter) async throws(StoreError) -> TokenPage { try await base.tokens(filter) }

    func revoke(_ id: String, of tenant: TenantName?) async throws(StoreError) -> Bool {
        try await base.revoke(id, of: tenant)
    }

    func keep(lastUses: [String: Instant]) async throws(StoreError) { try await base.keep(lastUses: lastUses) }
}
