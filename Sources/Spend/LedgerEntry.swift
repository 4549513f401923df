package import AuthEvents
package import Clocks

/// What a ledger entry does to the estimate of its delivery.
package enum LedgerKind: String, Sendable, CaseIterable {
    /// Opens a reservation of this amount.
    case reserved
    /// States the new size of the reservation.
    case adjusted
    /// Moves this amount from the reservation to the attempt.
    case committed
    /// With an attempt moves its amount back into the reservation, without one closes the reservation.
    case released
    /// States the attempt's bill in full and replaces an earlier one.
    case priced
}

/// One line of the append-only account of estimates, releases and prices.
///
/// Entries of one writer form a chain: each names the hash of the one before it. Nothing in it names a person.
package struct LedgerEntry: Sendable, Equatable {
    /// Whose chain it stands in; every writer numbers its own entries.
    package let writer: String
    /// From 1, one more with each entry of the writer.
    package let sequence: Int64
    package let at: Instant
    package let kind: LedgerKind
    package let delivery: DeliveryID
    /// The attempt's number within its delivery, from 1; `nil` before there is one.
    package let attempt: Int64?
    package let gateway: String?
    package let tenant: TenantName
    package let purpose: Purpose
    /// Two capital letters (ISO 3166-1), or three digits for a number of no country.
    package let country: String?
    package let segments: Int64
    /// Never negative; the kind says which way it goes.
    package let amount: Money
    package let priceVersion: String?
    /// The hash of the writer's entry before this one, ``firstPrevious`` for its first.
    package let previous: String
    /// What ``hash(of:)`` gave when it was written.
    package private(set) var hash: String

    /// What stands in place of a hash before a writer's first entry: 64 zeros.
    package static let firstPrevious = String(repeating: "0", count: 64)

    /// Numbers beyond this are not the same to every reader of JSON (RFC 8785, section 3.2.2.3): 2^53 - 1.
    package static let greatestNumber: Int64 = 9_007_199_254_740_991

    /// Computes the hash of a new entry, or takes the one that was recorded with it, right or wrong.
    package init(
        writer: String,
        sequence: Int64,
        at: Instant,
        kind: LedgerKind,
        delivery: DeliveryID,
        attempt: Int64?,
        gateway: String?,
        tenant: TenantName,
        purpose: Purpose,
        country: String?,
        segments: Int64,
        amount: Money,
        priceVersion: String?,
        previous: String,
        hash: String? = nil
    ) {
        precondition(hash != nil || sequence >= 1 && segments >= 0 && amount.micros >= 0, "entries count from 1, up")
        (self.writer, self.sequence, self.at, self.kind) = (writer, sequence, at, kind)
        (self.delivery, self.attempt, self.gateway) = (delivery, attempt, gateway)
        (self.tenant, self.purpose, self.country) = (tenant, purpose, country)
        (self.segments, self.amount, self.priceVersion, self.previous) = (segments, amount, priceVersion, previous)
        self.hash = hash ?? ""
        if hash == nil { self.hash = computedHash }
    }

    /// Whether the hash is that of the members.
    package var isIntact: Bool { hash == computedHash }
}
