/// The GSM 7 bit default alphabet and its extension table (3GPP TS 23.038, sections 6.2.1 and 6.2.1.1).
///
/// No national language table (annex A) is counted: few gateways use one, and a phone without it shows other letters.
enum GSM7 {
    /// The septets a character takes: 1 of the basic table, 2 (escape and code) of the extension, `nil` for any other.
    static func septets(_ scalar: Unicode.Scalar) -> Int? {
        if scalar.value < 0x100 {
            let cost = latin[Int(scalar.value)]
            return cost == 0 ? nil : cost
        }
        if scalar == "€" { return 2 }
        return capitals.contains(scalar) ? 1 : nil
    }

    /// The Greek capitals that look like no Latin one; the others, such as `Α`, are in neither table.
    private static let capitals = Array("ΔΦΓΛΩΠΨΣΘΞ".unicodeScalars)

    /// What each character below U+0100 costs; 0 is none of both tables.
    ///
    /// Escape itself (0x1B) stands for no character. Small `ç` is not in the table, capital `Ç` is.
    private static let latin: [Int] = {
        var costs = [Int](repeating: 0, count: 0x100)
        let basic =
            "@£$¥èéùìòÇ\nØø\rÅå_ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
            + "abcdefghijklmnopqrstuvwxyzäöñüà"
        for scalar in basic.unicodeScalars { costs[Int(scalar.value)] = 1 }
        for scalar in "\u{0C}^{}\\[~]|".unicodeScalars { costs[Int(scalar.value)] = 2 }
        return costs
    }()
}
