package import AuthEvents
import Clocks
import SQLite
package import Spend
package import Store

extension SQLitePostOffice: DeliveryRecords {
    package func delivery(_ id: DeliveryID, of tenant: TenantName?) async throws(StoreError) -> DeliveryReport? {
        let outlook = outlook
        return try await readers.read { connection throws(SQLiteError) in
            try connection.report(id, of: tenant, outlook: outlook)
        }
    }

    package func chronicle(_ id: DeliveryID, of tenant: TenantName?) async throws(StoreError) -> Chronicle? {
        try await readers.read { connection throws(SQLiteError) in try connection.chronicle(id, of: tenant) }
    }

    package func deliveries(_ filter: DeliveryFilter) async throws(StoreError) -> DeliveryPage {
        let outlook = outlook
        return try await readers.read { connection throws(SQLiteError) in
            try connection.page(filter, outlook: outlook)
        }
    }

    package func deliveries(
        to persons: [Digest],
        after: DeliveryID?,
        limit: Int
    ) async throws(StoreError) -> DeliveryPage {
        let outlook = outlook
        return try await readers.read { connection throws(SQLiteError) in
            try connection.page(to: persons, after: after, limit: limit, outlook: outlook)
        }
    }

    package func standing(of tenant: TenantName?) async throws(StoreError) -> Standing {
        published.state.standing(of: tenant)
    }
}

extension SQLitePostOffice: SpendRecords {
    package func ledger(_ filter: LedgerFilter) async throws(StoreError) -> [LedgerEntry] {
        try await readers.read { connection throws(SQLiteError) in try connection.ledger(filter) }
    }

    package func auditLedger() async throws(StoreError) -> LedgerAudit {
        try await readers.read { connection throws(SQLiteError) in try connection.auditLedger() }
    }

    package func spend(_ query: SpendQuery) async throws(StoreError) -> SpendReport {
        try await readers.read { connection throws(SQLiteError) in try connection.spend(query) }
    }

    package func budgets(of tenant: TenantName?) async throws(StoreError) -> [BudgetStanding] {
        let (budgets, now) = (budgets, time.now())
        guard !budgets.isEmpty else { return [] }
        return try await readers.read { connection throws(SQLiteError) in
            try connection.standing(of: budgets, at: now, tenant: tenant)
        }
    }
}
