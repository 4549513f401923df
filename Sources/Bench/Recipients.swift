/// Addresses and numbers that nobody else in a run has, and back from them to their index.
///
/// Even indexes have German numbers, odd ones American: ranges that libphonenumber takes for mobile, and for fixed or
/// mobile. Nothing is ever sent to them.
package enum Recipients {
    /// Of an index in an address.
    static let digits = 10
    private static let areas = [201, 212, 213, 305, 312, 415, 617, 702]
    /// Numbers of one American area: those that begin with 2 to 9.
    private static let area = 8_000_000

    package static func phone(_ index: Int) -> String {
        let number = index / 2
        guard index % 2 == 1 else { return "+49151" + padded(number % 100_000_000, 8) }
        return "+1\(areas[number / area % areas.count])" + padded(2_000_000 + number % area, 7)
    }

    package static func mail(_ index: Int) -> String { "b\(padded(index, digits))@bench.example" }

    /// The index of a number that begins at a place, with its `+`.
    package static func index(ofPhone bytes: [UInt8], at start: Int) -> Int? {
        if bytes.number(at: start + 1, digits: 5) == 49151 {
            return bytes.number(at: start + 6, digits: 8).map { $0 * 2 }
        }
        guard let code = bytes.number(at: start + 2, digits: 3), let place = areas.firstIndex(of: code),
            let number = bytes.number(at: start + 5, digits: 7)
        else { return nil }
        return (place * area + number - 2_000_000) * 2 + 1
    }

    static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
