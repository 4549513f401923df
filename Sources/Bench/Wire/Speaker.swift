/// One connection's part of a load: what is sent, and what the answer means.
protocol Speaker: Sendable {
    /// What is sent first for the n-th piece of work, counted from 0; empty where the other side speaks first.
    mutating func begin(_ number: Int) -> [UInt8]

    /// Takes what it understands from the front of the bytes.
    mutating func hear(_ bytes: inout [UInt8]) -> Heard
}

enum Heard {
    case more
    case say([UInt8])
    /// The piece of work is done.
    case done
    /// It was refused: a sentence about the answer.
    case refused(String)
}

/// Requests of HTTP/1.1 on a kept connection.
struct HTTPSpeaker: Speaker {
    var request: @Sendable (Int) -> [UInt8]
    /// What an answer must be to count as done.
    var isGood: @Sendable (Int, [UInt8], Range<Int>) -> Bool

    mutating func begin(_ number: Int) -> [UInt8] { request(number) }

    mutating func hear(_ bytes: inout [UInt8]) -> Heard {
        guard let answer = HTTPText(bytes) else { return .more }
        let isGood = isGood(answer.status, bytes, answer.body)
        let start = isGood ? "" : String(decoding: bytes[answer.body].prefix(300), as: UTF8.self)
        if answer.body.upperBound == bytes.count {
            bytes.removeAll(keepingCapacity: true)
        } else {
            bytes.removeFirst(answer.body.upperBound)
        }
        return isGood ? .done : .refused("status \(answer.status): \(start)")
    }
}
