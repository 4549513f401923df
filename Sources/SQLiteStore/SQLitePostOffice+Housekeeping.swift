import Clocks
import SQLite
package import Store

extension SQLitePostOffice: Housekeeping {
    package func sweep() async throws(StoreError) -> Bool {
        let isMore = try await writer.perform(as: .errand) { core throws(SQLiteError) in try core.sweep() }
        // Refusals that cannot be written now wait for the next look; nothing else waits for them.
        let isMoreRefused = (try? await writeRefusals()) ?? false
        return isMore || isMoreRefused
    }

    package func tidy(_ terms: RetentionTerms) async throws(StoreError) -> Tidying {
        try await writer.perform(as: .errand) { core throws(SQLiteError) in try core.tidy(terms) }
    }

    package func probe() async throws(StoreError) {
        try await writer.perform { core throws(SQLiteError) in
            try core.needRoom()
            // About what an event with its challenge and delivery writes at the most.
            try core.connection.setMeta("probed", .blob([UInt8](repeating: 0, count: 64 << 10)))
            try core.connection.setMeta("probed", .integer(core.now.milliseconds))
        }
    }
}
