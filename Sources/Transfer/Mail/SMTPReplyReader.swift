/// Puts replies together from the bytes of a connection.
struct SMTPReplyReader {
    /// What cannot be a reply: a line without a code, or more than a server may say at once.
    struct Malformed: Error {}

    /// RFC 5321, section 4.5.3.1.5 allows 512 octets a line; servers with a lot to say send many lines.
    private static let maximumBytes = 64 << 10

    private var unread: [UInt8] = []
    private var lines: [String] = []
    private var code = 0
    private var bytes = 0

    /// Whether nothing has come of a reply that is not complete.
    var isBetweenReplies: Bool { unread.isEmpty && lines.isEmpty }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        unsafe unread.append(contentsOf: bytes)
    }

    /// Returns the next complete reply, or nil while there is none.
    mutating func next() throws(Malformed) -> SMTPReply? {
        var start = 0
        defer { unread.removeFirst(start) }
        while let end = unread[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = unread[start..<end]
            start = end + 1
            if try take(line) { return finished() }
        }
        guard bytes + unread.count - start <= Self.maximumBytes else { throw Malformed() }
        return nil
    }

    /// Adds a line, and returns whether it is the reply's last.
    private mutating func take(_ raw: ArraySlice<UInt8>) throws(Malformed) -> Bool {
        let line = raw.last == UInt8(ascii: "\r") ? raw.dropLast() : raw
        bytes += raw.count
        let digits = line.prefix(3).map { Int($0) - 0x30 }
        guard digits.count == 3, digits.allSatisfy({ (0...9).contains($0) }), bytes <= Self.maximumBytes else {
            throw Malformed()
        }
        code = digits[0] * 100 + digits[1] * 10 + digits[2]
        let mark = line.dropFirst(3).first
        guard mark == nil || mark == UInt8(ascii: " ") || mark == UInt8(ascii: "-") else { throw Malformed() }
        lines.append(String(decoding: line.dropFirst(4), as: UTF8.self))
        return mark != UInt8(ascii: "-")
    }

    private mutating func finished() -> SMTPReply {
        defer {
            lines = []
            bytes = 0
        }
        return SMTPReply(code: code, text: lines.joined(separator: "\n"))
    }
}
