import Spend
import TestSupport
import Testing

@Suite("The count of segments")
struct SegmentCountTests {
    @Test("is what another program counted", arguments: try SegmentVector.all())
    func vectors(vector: SegmentVector) {
        let count = SegmentCount(vector.text)
        #expect(count.encoding.name == vector.encoding)
        #expect(count.units == vector.units)
        #expect(count.segments == vector.segments)
    }

    @Test("has all the vectors there are")
    func vectorsAreRead() throws {
        #expect(try SegmentVector.all().count == 219)
    }

    @Test(
        "keeps pairs whole where one part ends and the next begins",
        arguments: [
            (times("a", 160), 160, 1), (times("a", 161), 161, 2), (times("a", 306), 306, 2), (times("a", 307), 307, 3),
            (times("a", 152) + "€" + times("a", 151), 305, 2), (times("a", 152) + "€" + times("a", 152), 306, 3),
            (times("^", 80), 160, 1), (times("^", 81), 162, 2), (times("^", 152), 304, 2), (times("^", 153), 306, 3),
            (times("😀", 35), 70, 1), (times("😀", 36), 72, 2), (times("😀", 66), 132, 2), (times("😀", 67), 134, 3),
            (times("б", 66) + "😀" + times("б", 65), 133, 2), (times("б", 66) + "😀" + times("б", 66), 134, 3),
            (times("Ç", 160), 160, 1), (times("ç", 160), 160, 3),
            ("Your code is 123456. Expires in 5 min.\n\n@example.com #123456", 60, 1),
        ]
    )
    func boundaries(text: String, units: Int, segments: Int) {
        let count = SegmentCount(text)
        #expect(count.units == units)
        #expect(count.segments == segments)
    }

    @Test(
        "takes line feed and carriage return as they are sent",
        arguments: [
            ("\n", 1), ("\r", 1), ("\r\n", 2), ("a\r\nb", 4), ("\u{0C}", 2),
        ]
    )
    func lineEnds(text: String, units: Int) {
        #expect(SegmentCount(text).encoding == .gsm7)
        #expect(SegmentCount(text).units == units)
        #expect(SegmentCount(text + "б").encoding == .ucs2)
        #expect(SegmentCount(text + "б").units == text.utf16.count + 1)
    }

    @Test("puts escape itself, tab and what only looks like a letter of the table into UCS-2")
    func outside() {
        for text in ["\u{1B}", "\t", "`", "\u{A0}", "ç", "á", "Α", "e\u{301}", "\u{2126}", "𝟏"] {
            #expect(SegmentCount(text).encoding == .ucs2, "\(text.unicodeScalars.map(\.value))")
        }
    }

    @Test("may part a cluster between its code points, though not the halves of one")
    func clusters() {
        let family = "👨\u{200D}👩\u{200D}👧\u{200D}👦"
        #expect(SegmentCount(times("ж", 65) + family + times("ж", 58)).units == 134)
        #expect(SegmentCount(times("ж", 65) + family + times("ж", 58)).segments == 2)
        #expect(SegmentCount(times("ж", 66) + family + times("ж", 57)).segments == 3)
    }

    @Test("of an empty text is one, for it is sent as a message")
    func empty() {
        let count = SegmentCount("")
        #expect(count.encoding == .gsm7)
        #expect(count.units == 0)
        #expect(count.segments == 1)
    }

    @Test("has all 127 characters of the basic table and the 10 of the extension, and no others")
    func alphabet() {
        var costs = [Int: Int]()
        for value in UInt32(0)...0x2FFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let count = SegmentCount(String(Character(scalar)))
            if count.encoding == .gsm7 { costs[count.units, default: 0] += 1 }
        }
        #expect(costs == [1: 127, 2: 10])
    }

    @Test("is the number of parts that filling one after the other makes", arguments: UInt64(1)...8)
    func filling(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let text = randomText(using: &generator)
            let parts = filledParts(text)
            let count = SegmentCount(text)
            #expect(count.segments == max(1, parts.count), "\(text.debugDescription)")
            #expect(count.units == parts.joined().count, "\(text.debugDescription)")
        }
    }

    @Test("knows an encoding by its name")
    func names() {
        for encoding in SMSEncoding.allCases { #expect(SMSEncoding(name: encoding.name) == encoding) }
        #expect(SMSEncoding(name: "gsm7") == nil)
        #expect(SMSEncoding.allCases.map(\.name) == ["GSM-7", "UCS-2"])
    }
}

private func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

private let basic = Array("abcxyz0189@é\nÄ\rΔΩ".unicodeScalars)
private let extended = Array("^{}\\[~]|€\u{0C}".unicodeScalars)
private let wide = Array("бжç“中\u{301}\u{200D}".unicodeScalars)
private let astral = Array("😀👩🏿🇮🇹".unicodeScalars)

/// Texts whose lengths lie around the ends of parts, with few or many of the characters that take two units.
private func randomText(using generator: inout SeededGenerator) -> String {
    let edge = [0, 70, 134, 160, 201, 306, 459].randomElement(using: &generator) ?? 0
    let length = max(0, edge + Int.random(in: -12...4, using: &generator))
    let isWide = Bool.random(using: &generator)
    let rareness = [2, 10, 60].randomElement(using: &generator) ?? 10
    var text = String.UnicodeScalarView()
    while text.count < length {
        let isPair = Int.random(in: 0..<rareness, using: &generator) == 0
        let pool = isWide ? (isPair ? astral : wide + extended) : (isPair ? extended : basic)
        if let scalar = pool.randomElement(using: &generator) { text.append(scalar) }
    }
    return String(text)
}

/// Cuts the units themselves: septets with the escape written out, or UTF-16.
private func filledParts(_ text: String) -> [ArraySlice<UInt16>] {
    let escape: UInt16 = 0x1B
    let table = Set(basic + extended)
    let isGSM = text.unicodeScalars.allSatisfy(table.contains)
    let units =
        isGSM
        ? text.unicodeScalars.flatMap { extended.contains($0) ? [escape, 0x7F] : [0x20] }
        : Array(text.utf16)
    let (alone, joined) = isGSM ? (160, 153) : (70, 67)
    if units.count <= alone { return [units[...]] }
    var parts: [ArraySlice<UInt16>] = []
    var rest = units[...]
    while rest.count > joined {
        let last = rest[rest.startIndex + joined - 1]
        let isTorn = isGSM ? last == escape : UTF16.isLeadSurrogate(last)
        parts.append(rest.prefix(isTorn ? joined - 1 : joined))
        rest = rest.dropFirst(isTorn ? joined - 1 : joined)
    }
    return parts + [rest]
}
