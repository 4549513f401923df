package import Clocks
import Cryptography

/// The prices of all files, found by gateway, prefix and day without looking at other rows.
///
/// A row of the gateway's name comes before one of its kind, and that before one of any; then the longest prefix; then
/// the latest first day; then a row of the number's country before one of any. A row with a country is for its numbers
/// only. Of rows that differ in sender type alone the dearest counts, and so does the dearest of a prefix's networks
/// where nothing else of the prefix holds on that day.
package struct PriceTable: Sendable {
    package static let empty = PriceTable(rows: [])

    /// Twelve hexadecimal digits that change with any row or the price of the unpriced, not with files and their order.
    package let version: String
    private let shelves: [String: PriceShelf]
    private let unpriced: UnitPrice?

    /// The rows have passed ``checkPrices(_:)``; `unpriced` is what a segment costs where no row holds.
    ///
    /// An `unpriced` above ``UnitPrice/limit`` is none.
    package init(rows: [PriceRow], unpriced: Money? = nil) {
        let version = priceVersion(rows: rows, unpriced: unpriced)
        self.version = version
        self.unpriced = unpriced.flatMap {
            UnitPrice(unit: $0.micros, fee: 0, currency: $0.currency, version: version)
        }
        shelves = Dictionary(grouping: PriceChain.all(rows)) { $0.rows.first?.gateway ?? "" }
            .mapValues { PriceShelf(chains: $0, version: version) }
    }

    /// What a segment to the number costs on that day, or `nil` where nothing says so.
    ///
    /// The number is in E.164, the country as two letters of ISO 3166-1; `gateway` is the gateway's name.
    package func price(of number: String, country: String?, gateway: String, kind: String, at: Instant) -> UnitPrice? {
        let day = PriceDay(at)
        guard let digits = NumberDigits(number) else { return unpriced }
        let country = country.flatMap(CountryLetters.init)
        for owner in [gateway, kind, ""] {
            if let found = shelves[owner]?.price(of: digits, country: country, on: day) { return found }
        }
        return unpriced
    }

    /// The currencies that may come up with any of these gateways on that day or later, each with a place it stands at.
    ///
    /// They are in alphabetical order; the place is `FILE:LINE`, or `prices.unpriced`.
    package func currencies(
        ofGateways gateways: [(name: String, kind: String)],
        from: Instant
    ) -> [(currency: Currency, place: String)] {
        guard !gateways.isEmpty else { return [] }
        let day = PriceDay(from)
        var places: [Currency: String] = [:]
        if let unpriced { places[unpriced.currency] = "prices.unpriced" }
        for owner in Set(gateways.flatMap { [$0.name, $0.kind] } + [""]).sorted() {
            for (currency, place) in shelves[owner]?.currencies(from: day) ?? [:] { places[currency] = place }
        }
        return places.map { (currency: $0.key, place: $0.value) }.sorted { $0.currency < $1.currency }
    }
}

/// Hashes each row with the length of every field before it, in an order of their bytes.
private func priceVersion(rows: [PriceRow], unpriced: Money?) -> String {
    var lines = rows.map { row in
        let fields = [
            row.gateway, row.country ?? "", row.prefix, row.key.mcc, row.key.mnc, row.key.senderType, String(row.unit),
            row.currency.description, String(row.fee), row.validFrom?.description ?? "", row.validTo?.description ?? "",
            row.source,
        ]
        return fields.map { "\($0.utf8.count):\($0)" }.joined()
    }
    lines.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    if let unpriced { lines.append("unpriced \(unpriced)") }
    let bytes = lines.flatMap { Array("\($0.utf8.count):\($0)".utf8) }
    return String(sha256(bytes).hex.prefix(12))
}
