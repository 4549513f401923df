extension Instant: CustomStringConvertible {
    /// RFC 3339 in UTC, always with three digits of milliseconds: `2026-11-21T10:10:00.000Z`.
    package var description: String { text(hasMilliseconds: true) }

    /// The same, with milliseconds only where there are any: `2026-11-21T10:10:00Z`.
    ///
    /// So the ledger writes its times, whose hashes have to stay what they are.
    package var shortest: String { text(hasMilliseconds: milliseconds % 1000 != 0) }

    private func text(hasMilliseconds: Bool) -> String {
        let (days, rest) = milliseconds.quotientAndRemainder(flooringBy: 86_400_000)
        let date = CivilDate(daysSince1970: days)
        let (seconds, fraction) = rest.quotientAndRemainder(dividingBy: 1000)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        text.append(date.year, digits: 4, before: "-")
        text.append(date.month, digits: 2, before: "-")
        text.append(date.day, digits: 2, before: "T")
        text.append(seconds / 3600, digits: 2, before: ":")
        text.append(seconds / 60 % 60, digits: 2, before: ":")
        text.append(seconds % 60, digits: 2, before: hasMilliseconds ? "." : "Z")
        if hasMilliseconds { text.append(fraction, digits: 3, before: "Z") }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads an RFC 3339 date-time: `2026-11-21T10:00:00.5+01:00`.
    ///
    /// Section 5.6 of the RFC: the fraction may have any number of digits (what is below a millisecond is dropped), a
    /// leap second (23:59:60 in UTC) counts as the second after it, lower-case `t` and `z` are allowed. Returns `nil` for
    /// anything else.
    package init?(rfc3339 text: String) {
        var reader = DigitReader(text.utf8)
        guard let year = reader.number(digits: 4), reader.skip("-"),
            let month = reader.number(digits: 2), (1...12).contains(month), reader.skip("-"),
            let day = reader.number(digits: 2), (1...CivilDate.days(inMonth: month, of: year)).contains(day),
            reader.skip("T") || reader.skip("t"),
            let hour = reader.number(digits: 2), hour <= 23, reader.skip(":"),
            let minute = reader.number(digits: 2), minute <= 59, reader.skip(":"),
            let second = reader.number(digits: 2), second <= 60,
            let fraction = reader.fractionInMilliseconds(),
            let offset = reader.offsetInMinutes(),
            reader.isAtEnd
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSince1970
        let minutes = days * 1440 + hour * 60 + minute - offset
        let milliseconds = (minutes * 60 + second) * 1000 + fraction
        // A leap second ends a day in UTC; an offset or it may lead out of the years 0000 to 9999.
        guard second < 60 || (minutes + 1) % 1440 == 0,
            (-62_167_219_200_000..<253_402_300_800_000).contains(milliseconds)
        else { return nil }
        self.init(milliseconds: milliseconds)
    }
}

private struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: String.UTF8View) {
        rest = text[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == character.value else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(digits: Int) -> Int64? {
        let head = rest.prefix(digits)
        guard head.count == digits, head.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        rest.removeFirst(digits)
        return head.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    mutating func fractionInMilliseconds() -> Int64? {
        guard skip(".") else { return 0 }
        var value: Int64 = 0
        var scale: Int64 = 100
        var count = 0
        while let digit = number(digits: 1) {
            value += digit * scale
            scale /= 10
            count += 1
        }
        return count == 0 ? nil : value
    }

    mutating func offsetInMinutes() -> Int64? {
        if skip("Z") || skip("z") { return 0 }
        let sign: Int64 = skip("-") ? -1 : 1
        guard sign < 0 || skip("+"), let hours = number(digits: 2), hours <= 23, skip(":"),
            let minutes = number(digits: 2), minutes <= 59
        else { return nil }
        return sign * (hours * 60 + minutes)
    }
}

extension [UInt8] {
    /// So many digits at least, zeros in front, and the sign behind them.
    mutating func append(_ number: Int64, digits width: Int, before sign: Unicode.Scalar) {
        let digits = String(number).utf8
        append(contentsOf: repeatElement(UInt8(ascii: "0"), count: Swift.max(0, width - digits.count)))
        append(contentsOf: digits)
        append(UInt8(ascii: sign))
    }
}

extension Int64 {
    func quotientAndRemainder(flooringBy divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
