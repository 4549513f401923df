package import AuthEvents
import Limits
package import Store

extension Keyring {
    /// All that may stand for an address in tenants: under the key in use, and under those before it.
    package func persons(_ address: String, of tenants: Set<TenantName>) -> [Digest] {
        tenants.flatMap { tenant in
            everyDigest("person", [[UInt8](tenant.description.utf8), [UInt8](address.utf8)])
        }
    }

    /// How the ids of the buckets of limits begin that count an address alone, in tenants and for all together.
    package func buckets(_ address: String, of tenants: Set<TenantName>) -> [[UInt8]] {
        var places = [[Limit.Scope.recipient.rawValue, address]]
        // A prefix may be as long as a number.
        if address.hasPrefix("+") { places.append([Limit.Scope.prefix.rawValue, String(address.dropFirst())]) }
        return (tenants.map(\.description) + [""]).flatMap { tenant in
            places.flatMap { place in everyDigest("limit", ([tenant] + place).map { [UInt8]($0.utf8) }).map(\.bytes) }
        }
    }
}
