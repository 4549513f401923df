/// The first message of HTTP/1.1 in bytes that came: a request or an answer, its body counted by Content-Length.
struct HTTPText {
    /// The second word of the first line: the status of an answer.
    var status: Int
    var body: Range<Int>

    /// `nil` where more has to come.
    init?(_ bytes: [UInt8]) {
        guard let head = bytes.firstRange(of: "\r\n\r\n") else { return nil }
        var length = 0
        if let field = bytes.firstRange(of: "content-length:", before: head.lowerBound, ignoringCase: true) {
            for byte in bytes[field.upperBound..<head.lowerBound] {
                if byte == 0x20 { continue }
                guard (0x30...0x39).contains(byte) else { break }
                length = length * 10 + Int(byte - 0x30)
            }
        }
        guard bytes.count >= head.upperBound + length else { return nil }
        body = head.upperBound..<head.upperBound + length
        status = 0
        for byte in bytes.prefix(head.lowerBound).drop(while: { $0 != 0x20 }).dropFirst().prefix(3) {
            guard (0x30...0x39).contains(byte) else { break }
            status = status * 10 + Int(byte - 0x30)
        }
    }
}

extension [UInt8] {
    /// Where some ASCII stands first, `nil` where it does not.
    func firstRange(of text: StaticString, from: Int = 0, before: Int? = nil, ignoringCase: Bool = false) -> Range<Int>?
    {
        let end = before ?? count
        return text.withUTF8Buffer { wanted -> Range<Int>? in
            guard end - from >= wanted.count else { return nil }
            return withUnsafeBufferPointer { bytes -> Range<Int>? in
                var start = from
                while start <= end - wanted.count {
                    var length = 0
                    while length < wanted.count {
                        let byte = bytes[start + length]
                        let small = ignoringCase && (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
                        guard small == wanted[length] else { break }
                        length += 1
                    }
                    if length == wanted.count { return start..<start + length }
                    start += 1
                }
                return nil
            }
        }
    }

    /// The decimal digits that begin at a place, as a number.
    func number(at start: Int, digits: Int) -> Int? {
        guard start + digits <= count else { return nil }
        var number = 0
        for byte in self[start..<start + digits] {
            guard (0x30...0x39).contains(byte) else { return nil }
            number = number * 10 + Int(byte - 0x30)
        }
        return number
    }
}
