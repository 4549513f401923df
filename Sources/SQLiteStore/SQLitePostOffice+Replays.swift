package import AuthEvents
import SQLite
package import Store

extension SQLitePostOffice: ReplayStore {
    package func begin(_ replay: NewReplay) async throws(StoreError) -> ReplayBeginning {
        try await writer.perform { core throws(SQLiteError) in try core.begin(replay) }
    }

    package func replay(_ id: ReplayID, of tenant: TenantName?) async throws(StoreError) -> Replay? {
        try await readers.read { connection throws(SQLiteError) in try connection.replay(id, of: tenant) }
    }

    package func stopReplay(_ id: ReplayID, of tenant: TenantName?) async throws(StoreError) -> Replay? {
        try await writer.perform { core throws(SQLiteError) in try core.stopReplay(id, of: tenant) }
    }

    package func shares(
        of replay: ReplayID
    ) async throws(StoreError) -> [ReplayPreview.Place: ReplayPreview.Share] {
        try await readers.read { connection throws(SQLiteError) in try connection.shares(of: replay) }
    }

    package func runningReplays() async throws(StoreError) -> [Replay] {
        try await readers.read { connection throws(SQLiteError) in try connection.runningReplays() }
    }

    package func candidates(
        _ filter: DeliveryFilter,
        after: DeliveryID?,
        limit: Int
    ) async throws(StoreError) -> [ReplayCandidate] {
        try await readers.read { connection throws(SQLiteError) in
            try connection.candidates(filter, after: after, limit: limit)
        }
    }

    package func judge(
        _ items: [ReplayItem],
        besides sums: ReplaySums
    ) async throws(StoreError) -> (fates: [ReplayFate], sums: ReplaySums) {
        try await writer.perform { core throws(SQLiteError) in try core.judge(items, besides: sums) }
    }

    package func send(
        _ items: [ReplayItem],
        of replay: ReplayID,
        isLast: Bool
    ) async throws(StoreError) -> Replay {
        try await writer.perform { core throws(SQLiteError) in try core.send(items, of: replay, isLast: isLast) }
    }
}
