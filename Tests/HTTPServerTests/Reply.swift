/// One answer as it stood on the wire.
struct Reply: Equatable, Sendable {
    let status: Int
    let head: String
    let body: String

    var closes: Bool { head.lowercased().contains("\r\nconnection: close\r\n") }

    /// Takes the first complete answer off the octets; nil when there is none yet.
    init?(takenFrom octets: inout [UInt8], toHead: Bool) {
        let blank = Array("\r\n\r\n".utf8)
        guard let end = octets.indices.first(where: { octets[$0...].starts(with: blank) }) else { return nil }
        let head = String(decoding: octets[..<(end + 2)], as: UTF8.self)
        let words = head.split(separator: " ", maxSplits: 2)
        guard words.count > 1, let status = Int(words[1]) else { return nil }
        var length = 0
        for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
            length = Int(line.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) ?? 0
        }
        if toHead || status == 204 || status < 200 { length = 0 }
        guard octets.count >= end + 4 + length else { return nil }
        self.status = status
        self.head = head
        body = String(decoding: octets[(end + 4)..<(end + 4 + length)], as: UTF8.self)
        octets.removeFirst(end + 4 + length)
    }
}
