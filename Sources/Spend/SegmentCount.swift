/// How the characters of an SMS are sent (3GPP TS 23.038).
package enum SMSEncoding: Int64, Sendable, CaseIterable {
    case gsm7 = 1
    case ucs2 = 2

    package var name: String {
        switch self {
        case .gsm7: "GSM-7"
        case .ucs2: "UCS-2"
        }
    }

    package init?(name: String) {
        guard let encoding = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = encoding
    }
}

/// What a text takes as an SMS: its encoding, its units and the parts it is sent in.
///
/// GSM-7 where every character is in its tables, else UCS-2 for the whole text. A part carries 140 octets: 160 septets or
/// 70 UTF-16 units alone; joined with others 153 or 67, for 6 octets are the header with an 8-bit reference (3GPP TS
/// 23.040, section 9.2.3.24.1). An escape and its code, or the halves of a surrogate pair, go into the same part, which
/// then ends one unit early. Characters that form a cluster may be parted; line feed and carriage return count as sent.
package struct SegmentCount: Sendable, Equatable {
    package let encoding: SMSEncoding
    /// Septets of GSM-7, an extension character being two; UTF-16 units of UCS-2.
    package let units: Int
    /// At least 1: an empty text is sent, and billed, as one message.
    package let segments: Int
}

extension SegmentCount {
    /// Counts in time linear in the text.
    package init(_ text: String) {
        var septets = Parts(alone: 160, joined: 153)
        for scalar in text.unicodeScalars {
            guard let cost = GSM7.septets(scalar) else {
                self.init(inUTF16: text)
                return
            }
            septets.add(cost)
        }
        self.init(encoding: .gsm7, units: septets.units, segments: septets.count)
    }

    private init(inUTF16 text: String) {
        var units = Parts(alone: 70, joined: 67)
        for scalar in text.unicodeScalars { units.add(scalar.value > 0xFFFF ? 2 : 1) }
        self.init(encoding: .ucs2, units: units.units, segments: units.count)
    }
}

/// Fills the parts of a message one after the other with characters that cannot be divided.
private struct Parts {
    let alone: Int
    let joined: Int
    private(set) var units = 0
    private var full = 0
    private var last = 0

    init(alone: Int, joined: Int) {
        (self.alone, self.joined) = (alone, joined)
    }

    var count: Int { units <= alone ? 1 : full + 1 }

    mutating func add(_ cost: Int) {
        units += cost
        if last + cost > joined { (full, last) = (full + 1, 0) }
        last += cost
    }
}
