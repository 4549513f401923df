package import Limits
package import Store
import Synchronization

extension Keyring {
    /// Stands for a compared address, whatever the tenant.
    package func anyone(_ address: String) -> Digest {
        digest("anyone", [UInt8](address.utf8))
    }

    /// What a message or a try takes of limits; those that do not count it have no slot.
    package func slots(of limits: [Limit], _ facts: LimitFacts) -> [Slot] {
        limits.compactMap { limit in
            guard let place = limit.place(of: facts) else { return nil }
            let parts = place.map { [UInt8]($0.utf8) }
            let bucket = digest("limit", parts[0], parts[1], parts[2]).bytes
            let name = limitNames.value(of: limit.name) {
                digest("limit name", [UInt8](limit.name.utf8)).bytes.prefix(Slot.bucketBytes - bucket.count)
            }
            return Slot(
                limit: limit.name,
                bucket: bucket + name,
                scope: limit.scope,
                rate: limit.rate,
                burst: limit.burst
            )
        }
    }
}

/// What stands for the names of limits, which are as many as the settings have, each computed once.
final class LimitNames: Sendable {
    private let known = Mutex<[String: ArraySlice<UInt8>]>([:])

    func value(of name: String, computed: () -> ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        known.withLock { known in
            if let value = known[name] { return value }
            let value = computed()
            known[name] = value
            return value
        }
    }
}
