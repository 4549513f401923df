/// The columns of a price file, in their order.
private let columns = [
    "gateway", "country", "prefix", "mcc", "mnc", "sender_type", "unit_price", "currency", "fee", "valid_from",
    "valid_to", "source",
]

/// Reads a price file: CSV (RFC 4180) with a header, where lines that begin with `#` and blank lines are passed over.
///
/// `file` is what problems name it. All problems of the file are told at once, up to 20; whether rows contradict each
/// other is for ``checkPrices(_:)`` to see.
package func readPriceFile(_ text: String, file: String) throws(PriceFileError) -> [PriceRow] {
    var records = CSVRecords(text)
    let header = records.next()
    guard let header, header.fault == nil, header.fields == columns else {
        let reason = "the first line must be the header \(columns.joined(separator: ","))"
        throw PriceFileError(file: file, line: header?.line ?? 1, reason: reason)
    }
    var rows: [PriceRow] = []
    var problems: [PriceFileError.Problem] = []
    while problems.count < PriceFileError.limit, let record = records.next() {
        var reader = PriceRowReader(record: record, file: file)
        if let row = reader.row() { rows.append(row) }
        problems += reader.reasons.map { PriceFileError.Problem(file: file, line: record.line, reason: $0) }
    }
    if let error = PriceFileError(problems) { throw error }
    return rows
}

/// Reads the fields of one record and notes everything that is wrong with them.
private struct PriceRowReader {
    let record: CSVRecord
    let file: String
    private(set) var reasons: [String] = []

    init(record: CSVRecord, file: String) {
        (self.record, self.file) = (record, file)
    }

    /// Returns `nil` where ``reasons`` say why.
    mutating func row() -> PriceRow? {
        if let fault = record.fault {
            reasons.append(fault)
            return nil
        }
        let fields = record.fields
        guard fields.count == columns.count else {
            reasons.append("the number of fields is \(fields.count), not \(columns.count)")
            return nil
        }
        let key = key(fields)
        let unit = money(fields[6], "unit_price")
        let fee = fields[8].isEmpty ? 0 : money(fields[8], "fee")
        let currency = Currency(fields[7])
        if currency == nil { wrong("currency", fields[7], "is not three capital letters (ISO 4217)") }
        let validFrom = day(fields[9], "valid_from")
        let validTo = day(fields[10], "valid_to")
        if let validFrom, let validTo, validTo < validFrom {
            reasons.append("valid_to \(validTo) is before valid_from \(validFrom)")
        }
        guard reasons.isEmpty, let unit, let fee, let currency else { return nil }
        return PriceRow(
            key: key,
            unit: unit,
            fee: fee,
            currency: currency,
            validFrom: validFrom,
            validTo: validTo,
            source: fields[11],
            file: file,
            line: record.line
        )
    }

    private mutating func key(_ fields: [String]) -> PriceRow.Key {
        let country = fields[1]
        let prefix = fields[2].hasPrefix("+") ? String(fields[2].dropFirst()) : fields[2]
        if !country.isEmpty, country.utf8.count != 2 || !country.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) {
            wrong("country", country, "is not two capital letters (ISO 3166-1)")
        }
        if !fields[2].isEmpty, !isDigits(prefix, 1...15) {
            wrong("prefix", fields[2], "is not 1 to 15 digits")
        } else if prefix.hasPrefix("0") {
            wrong("prefix", fields[2], "begins with 0, as no number does after its +")
        } else if country.isEmpty, prefix.isEmpty {
            reasons.append("country and prefix are both empty; one of them must say for which numbers the price is")
        }
        if !fields[3].isEmpty, !isDigits(fields[3], 3...3) { wrong("mcc", fields[3], "is not 3 digits") }
        if !fields[4].isEmpty, !isDigits(fields[4], 1...3) { wrong("mnc", fields[4], "is not 1 to 3 digits") }
        return PriceRow.Key(
            gateway: fields[0],
            country: country.isEmpty ? nil : country,
            prefix: prefix,
            mcc: fields[3],
            mnc: fields[4],
            senderType: fields[5]
        )
    }

    private mutating func money(_ text: String, _ column: String) -> Int64? {
        if text.isEmpty {
            reasons.append("\(column) is empty")
        } else if text.hasPrefix("-") {
            wrong(column, text, "is negative")
        } else if let micros = Money.micros(text) {
            if micros <= UnitPrice.limit { return micros }
            wrong(column, text, "is above \(UnitPrice.limit / 1_000_000) a segment")
        } else if hasTooManyPlaces(text) {
            wrong(column, text, "has more than 6 decimals")
        } else {
            wrong(column, text, "is not a decimal number such as 0.0079")
        }
        return nil
    }

    private mutating func day(_ text: String, _ column: String) -> PriceDay? {
        if text.isEmpty { return nil }
        let day = PriceDay(text)
        if day == nil { wrong(column, text, "is not a date such as 2026-11-21") }
        return day
    }

    private mutating func wrong(_ column: String, _ value: String, _ reason: String) {
        reasons.append("\(column) \(String(reflecting: String(value.prefix(40)))) \(reason)")
    }

    private func hasTooManyPlaces(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && isDigits(parts[0], 1...12) && isDigits(parts[1], 7...Int.max)
    }

    private func isDigits(_ text: some StringProtocol, _ count: ClosedRange<Int>) -> Bool {
        count.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
