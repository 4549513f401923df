/// A mail server that takes every mail (RFC 5321), one answer a command, several commands at once.
struct MailHost: Host {
    private let arrivals: Arrivals
    private var isInData = false
    private var recipient: Int?

    init(_ arrivals: Arrivals) {
        self.arrivals = arrivals
    }

    var greeting: [UInt8] { Array("220 bench ESMTP\r\n".utf8) }

    mutating func hear(_ bytes: inout [UInt8]) -> (answer: [UInt8], isTaken: Bool) {
        var answer: [UInt8] = []
        var isTaken = false
        var start = 0
        while start < bytes.count {
            if isInData {
                guard let end = bytes.firstRange(of: "\r\n.\r\n", from: start) else { break }
                start = end.upperBound
                isInData = false
                isTaken = true
                if let recipient { arrivals.note(recipient) }
                answer += Array("250 2.0.0 taken\r\n".utf8)
            } else {
                guard let end = bytes.firstRange(of: "\r\n", from: start) else { break }
                answer += answered(bytes, start..<end.lowerBound)
                start = end.upperBound
            }
        }
        if start == bytes.count { bytes.removeAll(keepingCapacity: true) } else { bytes.removeFirst(start) }
        return (answer, isTaken)
    }

    private mutating func answered(_ bytes: [UInt8], _ line: Range<Int>) -> [UInt8] {
        // The first four letters tell all verbs apart.
        let verb = String(decoding: bytes[line].prefix(4), as: UTF8.self).uppercased()
        switch verb {
        case "EHLO": return Array("250-bench\r\n250-PIPELINING\r\n250 8BITMIME\r\n".utf8)
        case "RCPT":
            let address = bytes.firstRange(of: "<b", from: line.lowerBound, before: line.upperBound)
            recipient = address.flatMap { bytes.number(at: $0.upperBound, digits: Recipients.digits) }
            return Array("250 2.1.5 ok\r\n".utf8)
        case "DATA":
            isInData = true
            return Array("354 go on\r\n".utf8)
        case "QUIT": return Array("221 2.0.0 bye\r\n".utf8)
        default: return Array("250 2.0.0 ok\r\n".utf8)
        }
    }
}
