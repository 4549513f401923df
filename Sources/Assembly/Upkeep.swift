import API
import Clocks
import Configuration
import SQLiteStore
import Store

/// Does what time asks for: ends leases and deadlines, moves what waits for a gateway, remembers how far the database is.
struct Upkeep: Sendable {
    /// How often it looks; each look costs a few index reads where there is nothing to do.
    private static let pause: Duration = .milliseconds(200)
    /// At the most ten seconds: what is written beside the keys tells an older copy of the database apart.
    private static let looksPerLife = 25

    let store: SQLitePostOffice
    let readiness: Readiness
    let log: Log

    func run() async {
        var looks = 0
        var isFailing = false
        while !Task.isCancelled {
            do throws(StoreError) {
                while try await store.sweep(), !Task.isCancelled {}
                // A sweep that found nothing to do has written nothing, so it says nothing of a full disk.
                if readiness.state == .unavailable { try await store.probe() }
                if isFailing { log(.info, "The store takes writes again.") }
                isFailing = false
                readiness.set(.ready)
            } catch {
                if !isFailing { log(.error, "\(error)") }
                isFailing = true
                readiness.set(.unavailable)
            }
            looks += 1
            if looks % Upkeep.looksPerLife == 0 { store.rememberLife() }
            // Cancelled means that the server ends, which the loop sees.
            _ = try? await Task.sleep(for: Upkeep.pause)
        }
    }
}
