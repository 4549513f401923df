/// An SMS gateway that takes every message: JSON over HTTP, answered with a reference.
struct TextHost: Host {
    private let arrivals: Arrivals

    init(_ arrivals: Arrivals) {
        self.arrivals = arrivals
    }

    var greeting: [UInt8] { [] }

    mutating func hear(_ bytes: inout [UInt8]) -> (answer: [UInt8], isTaken: Bool) {
        var answer: [UInt8] = []
        while let request = HTTPText(bytes) {
            let index = bytes.firstRange(of: "\"to\":\"", from: request.body.lowerBound).flatMap { member in
                Recipients.index(ofPhone: bytes, at: member.upperBound)
            }
            if let index { arrivals.note(index) }
            let body = "{\"sid\":\"r\(index ?? 0)\"}"
            answer += Array(
                "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                    .utf8
            )
            if request.body.upperBound == bytes.count {
                bytes.removeAll(keepingCapacity: true)
            } else {
                bytes.removeFirst(request.body.upperBound)
            }
        }
        return (answer, !answer.isEmpty)
    }
}
