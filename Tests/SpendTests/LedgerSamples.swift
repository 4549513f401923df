import AuthEvents
import Clocks
import Foundation
import JSON
import Spend
import TestSupport

/// Ledgers for tests.
enum LedgerSamples {
    struct Unreadable: Error {}

    static let usd = currency("USD")
    static let eur = currency("EUR")
    /// 2026-11-21T10:10:00Z.
    static let start = Instant(milliseconds: 1_795_255_800_000)

    static func currency(_ code: String) -> Currency {
        guard let currency = Currency(code) else { preconditionFailure("a currency has three capital letters") }
        return currency
    }

    static func money(_ text: String) -> Money {
        guard let money = Money(text) else { preconditionFailure("money is written `0.20 USD`") }
        return money
    }

    static func tenant(_ name: String) -> TenantName {
        guard let tenant = TenantName(name) else { preconditionFailure("a tenant's name has small letters") }
        return tenant
    }

    /// The entries of `Tests/Vectors/ledger.json`, as they were written.
    static func vector() throws -> [JSONValue] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Vectors/ledger.json")
        guard let entries = try JSONValue(parsing: [UInt8](Data(contentsOf: file)))["entries"]?.array else {
            throw Unreadable()
        }
        return entries
    }

    /// An entry whose facts do not matter, or those that are given.
    static func entry(
        _ kind: LedgerKind,
        _ amount: String = "0.02 USD",
        delivery: DeliveryID,
        attempt: Int64? = nil,
        writer: String = "w",
        sequence: Int64 = 1,
        at: Instant = start,
        gateway: String? = nil,
        tenant name: String = "default",
        purpose: Purpose = .mfa,
        country: String? = "US",
        segments: Int64 = 1,
        previous: String = LedgerEntry.firstPrevious
    ) -> LedgerEntry {
        LedgerEntry(
            writer: writer,
            sequence: sequence,
            at: at,
            kind: kind,
            delivery: delivery,
            attempt: attempt,
            gateway: gateway,
            tenant: tenant(name),
            purpose: purpose,
            country: country,
            segments: segments,
            amount: money(amount),
            priceVersion: nil,
            previous: previous
        )
    }

    /// Rightly chained entries of two writers, shuffled into one another.
    static func chain(of count: Int, using generator: inout SeededGenerator) -> [LedgerEntry] {
        var heads: [String: LedgerEntry] = [:]
        return (0..<count).map { index in
            let writer = index < 2 ? ["a", "b"][index] : Bool.random(using: &generator) ? "a" : "b"
            let entry = random(
                writer: writer,
                sequence: (heads[writer]?.sequence ?? 0) + 1,
                at: start + .milliseconds(index * 700),
                previous: heads[writer]?.hash ?? LedgerEntry.firstPrevious,
                using: &generator
            )
            heads[writer] = entry
            return entry
        }
    }

    static func random(
        writer: String,
        sequence: Int64,
        at: Instant,
        previous: String,
        using generator: inout SeededGenerator
    ) -> LedgerEntry {
        LedgerEntry(
            writer: writer,
            sequence: sequence,
            at: at,
            kind: LedgerKind.allCases.randomElement(using: &generator) ?? .reserved,
            delivery: DeliveryID(at: at, using: &generator),
            attempt: Bool.random(using: &generator) ? Int64.random(in: 1...6, using: &generator) : nil,
            gateway: ["sms-main", "sms-backup", nil].randomElement(using: &generator) ?? nil,
            tenant: tenant(["default", "cruddur"].randomElement(using: &generator) ?? "default"),
            purpose: Purpose.allCases.randomElement(using: &generator) ?? .mfa,
            country: ["US", "BS", "GB", nil].randomElement(using: &generator) ?? nil,
            segments: Int64.random(in: 1...4, using: &generator),
            amount: Money(
                micros: Int64.random(in: 0...400_000, using: &generator),
                currency: Bool.random(using: &generator) ? usd : eur
            ),
            priceVersion: Bool.random(using: &generator) ? "2026-11" : nil,
            previous: previous
        )
    }
}
