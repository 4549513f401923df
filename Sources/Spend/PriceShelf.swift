/// The prices that stand under one name or kind of a gateway, or under none.
///
/// A lookup asks for each length of prefix that occurs, the longest first, and at each for the country and for any.
struct PriceShelf: Sendable {
    private struct Cell: Hashable {
        var country: CountryLetters?
        var length: Int
        var prefix: UInt64
    }

    /// What holds from a day on, until the next step.
    private struct Step {
        var begin: PriceDay
        /// `nil` where nothing holds.
        var price: UnitPrice?
        /// The latest first day of the rows among which the price was the dearest.
        var since: PriceDay
    }

    private let steps: [Cell: [Step]]
    private let lengths: [Int]
    private let lastRows: [Currency: (last: PriceDay, place: String)]

    init(chains: [PriceChain], version: String) {
        var cells: [Cell: [PriceSpan]] = [:]
        var lastRows: [Currency: (last: PriceDay, place: String)] = [:]
        for (row, last) in chains.flatMap(\.spans) {
            guard last >= row.begin, let digits = NumberDigits(row.prefix),
                let price = UnitPrice(unit: row.unit, fee: row.fee, currency: row.currency, version: version)
            else { continue }
            let country = row.country.flatMap(CountryLetters.init)
            let cell = Cell(country: country, length: digits.count, prefix: digits.value)
            cells[cell, default: []].append(PriceSpan(row: row, last: last, price: price))
            if let known = lastRows[row.currency], (last, known.place) <= (known.last, row.place) { continue }
            lastRows[row.currency] = (last, row.place)
        }
        self.lastRows = lastRows
        steps = cells.mapValues(Self.steps)
        lengths = Set(cells.keys.map(\.length)).sorted(by: >)
    }

    func price(of number: NumberDigits, country: CountryLetters?, on day: PriceDay) -> UnitPrice? {
        for length in lengths {
            guard let prefix = number.prefix(length) else { continue }
            let general = step(Cell(country: nil, length: length, prefix: prefix), on: day)
            let own = country.flatMap { step(Cell(country: $0, length: length, prefix: prefix), on: day) }
            if let own, own.since >= general?.since ?? .beforeAll { return own.price }
            if let general { return general.price }
        }
        return nil
    }

    /// The currencies of rows that hold on that day or later, each with the place of the row that holds longest.
    func currencies(from day: PriceDay) -> [Currency: String] {
        lastRows.filter { $0.value.last >= day }.mapValues(\.place)
    }

    private func step(_ cell: Cell, on day: PriceDay) -> Step? {
        guard let step = steps[cell]?.last(where: { $0.begin <= day }), step.price != nil else { return nil }
        return step
    }

    private static func steps(_ spans: [PriceSpan]) -> [Step] {
        let days = Set(spans.flatMap { [$0.row.begin, $0.last.next] }).sorted()
        return days.map { day in
            let valid = spans.filter { $0.row.begin <= day && day <= $0.last }
            let others = valid.filter { !$0.row.isOfNetwork }
            let rivals = others.isEmpty ? valid : others
            let price = rivals.map(\.price).max { $0.rank < $1.rank }
            return Step(begin: day, price: price, since: rivals.map(\.row.begin).max() ?? day)
        }
    }
}

private struct PriceSpan {
    var row: PriceRow
    var last: PriceDay
    var price: UnitPrice
}

extension UnitPrice {
    /// The dearest first by the sum; the rest makes the choice independent of the order of rows.
    fileprivate var rank: (Int64, Int64, Currency) { (unit + fee, unit, currency) }
}

/// Up to 15 digits of a number, the most that E.164 allows, as one integer.
struct NumberDigits {
    let count: Int
    let value: UInt64

    /// Reads digits with or without `+` before them.
    init?(_ text: String) {
        let digits = text.utf8.first == UInt8(ascii: "+") ? text.utf8.dropFirst() : text.utf8[...]
        guard digits.count <= 15, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        count = digits.count
        value = digits.reduce(0) { $0 * 10 + UInt64($1 - 0x30) }
    }

    /// The first digits, or `nil` where the number has fewer.
    func prefix(_ length: Int) -> UInt64? {
        length <= count ? value / Self.powers[count - length] : nil
    }

    private static let powers = (0..<15).reduce(into: [UInt64(1)]) { powers, index in powers.append(powers[index] * 10)
    }
}

/// The two letters of a country as one small integer.
struct CountryLetters: Hashable {
    private let number: UInt16

    init?(_ text: String) {
        guard text.utf8.count == 2 else { return nil }
        number = text.utf8.reduce(0) { $0 << 8 | UInt16($1) }
    }
}
