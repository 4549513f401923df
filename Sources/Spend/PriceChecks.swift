/// Sees that no two rows of all files contradict each other and that none leaves days without a price.
///
/// Of two rows of one key that follow each other, the later one may begin on the earlier one's last day or on the day
/// after it; an earlier row without a last day ends there by itself. What can hold at once for one prefix, and of which
/// the dearest counts, must be of one currency.
package func checkPrices(_ rows: [PriceRow]) throws(PriceFileError) {
    let chains = PriceChain.all(rows)
    let found = (chains.flatMap(faults) + mixedCurrencies(chains)).sorted {
        ($0.row.file, $0.row.line, $0.reason) < ($1.row.file, $1.row.line, $1.reason)
    }
    let problems = found.map { PriceFileError.Problem(file: $0.row.file, line: $0.row.line, reason: $0.reason) }
    if let error = PriceFileError(problems) { throw error }
}

private typealias Fault = (row: PriceRow, reason: String)

private func faults(of chain: PriceChain) -> [Fault] {
    zip(chain.rows, chain.rows.dropFirst()).compactMap { earlier, later in
        if earlier.begin == later.begin {
            let day = later.validFrom?.description ?? "valid_from empty in both"
            return (later, "overlap: \(earlier.place) begins on the same day, \(day)")
        }
        guard let end = earlier.validTo else { return nil }
        if end > later.begin {
            return (later, "overlap: it begins on \(later.begin), but \(earlier.place) is valid to \(end)")
        }
        guard later.begin > end.next else { return nil }
        return (later, "gap: it begins on \(later.begin), but \(earlier.place) is valid only to \(end)")
    }
}

/// Where rows of one prefix stand in several currencies, no one can say which is the dearest.
private func mixedCurrencies(_ chains: [PriceChain]) -> [Fault] {
    struct Rivals: Hashable {
        var gateway: String
        var country: String?
        var prefix: String
        var isOfNetwork: Bool
    }
    var groups: [Rivals: [PriceChain]] = [:]
    for chain in chains {
        guard let row = chain.rows.first else { continue }
        let rivals = Rivals(
            gateway: row.gateway,
            country: row.country,
            prefix: row.prefix,
            isOfNetwork: row.isOfNetwork
        )
        groups[rivals, default: []].append(chain)
    }
    return groups.values.compactMap { chains in
        guard chains.count > 1, Set(chains.lazy.flatMap(\.rows).map(\.currency)).count > 1 else { return nil }
        let spans = chains.flatMap(\.spans).sorted { ($0.row.file, $0.row.line) < ($1.row.file, $1.row.line) }
        for (index, later) in spans.enumerated() {
            let other = spans[..<index].first {
                $0.row.currency != later.row.currency && $0.row.begin <= later.last && later.row.begin <= $0.last
            }
            guard let other else { continue }
            return (
                later.row,
                "the currency is \(later.row.currency), but \(other.row.place) gives the same prefix a price in "
                    + "\(other.row.currency) for the same days"
            )
        }
        return nil
    }
}
