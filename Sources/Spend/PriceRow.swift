/// One line of a price file, whose values are within their bounds because only ``readPriceFile(_:file:)`` makes one.
package struct PriceRow: Sendable, Equatable {
    /// What tells prices apart that may not hold at once.
    struct Key: Hashable {
        var gateway: String
        var country: String?
        var prefix: String
        var mcc: String
        var mnc: String
        var senderType: String
    }

    let key: Key
    /// Millionths of the currency for each segment, from 0 to ``UnitPrice/limit``.
    package let unit: Int64
    /// Millionths of the currency for each segment, from 0 to ``UnitPrice/limit``.
    package let fee: Int64
    package let currency: Currency
    /// The first day; `nil` is from ever.
    package let validFrom: PriceDay?
    /// The last day; `nil` is until another row of the same key begins.
    package let validTo: PriceDay?
    /// Where the price comes from, in the words of the file.
    package let source: String
    package let file: String
    /// Counted from 1.
    package let line: Int

    /// The name or the kind of a gateway; empty for any.
    package var gateway: String { key.gateway }
    /// Two capital letters (ISO 3166-1); `nil` for any.
    package var country: String? { key.country }
    /// The first digits of the numbers, without `+`; empty for a whole country.
    package var prefix: String { key.prefix }
    /// Whether the price is that of one network, which a number does not tell.
    package var isOfNetwork: Bool { !key.mcc.isEmpty || !key.mnc.isEmpty }
    package var place: String { "\(file):\(line)" }

    var begin: PriceDay { validFrom ?? .beforeAll }
}

/// The rows of one key in the order of their days; each ends where the next begins, if not before.
struct PriceChain {
    /// In the order of their first days.
    let rows: [PriceRow]

    static func all(_ rows: [PriceRow]) -> [PriceChain] {
        Dictionary(grouping: rows, by: \.key).values.map { rows in
            PriceChain(rows: rows.sorted { ($0.begin, $0.file, $0.line) < ($1.begin, $1.file, $1.line) })
        }
    }

    /// Each row with the last day on which it holds.
    var spans: [(row: PriceRow, last: PriceDay)] {
        rows.indices.map { index in
            let written = rows[index].validTo ?? .afterAll
            let last = index + 1 < rows.count ? min(written, rows[index + 1].begin.previous) : written
            return (rows[index], last)
        }
    }
}
