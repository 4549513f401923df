extension BenchRun {
    /// The smallest answer that the server has, through the same client.
    func measureHTTP(_ row: inout BenchRow) async throws {
        let office = try await Office(in: workplace)
        let request = Array("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:\(office.port)\r\n\r\n".utf8)
        let speaker = HTTPSpeaker(request: { _ in request }, isGood: { status, _, _ in status == 200 })
        let plan = LoadPlan(port: office.port, seconds: seconds)
        let load = try await LoadGenerator.run(plan, stop: stop, speaker: speaker)
        try load.check()
        (row.rate, row.times) = (load.rate, load.times)
        try await office.remove()
    }

    /// How many mails a bare client gets rid of at the sink, one command after the other, over as many connections as a
    /// gateway has.
    func measureMailSink(_ row: inout BenchRow) async throws {
        let sink = try Sink<MailHost>()
        let plan = LoadPlan(port: sink.port, connections: BenchRun.connections, seconds: seconds)
        let load = try await LoadGenerator.run(plan, stop: stop, speaker: MailSpeaker())
        try load.check()
        (row.rate, row.times) = (load.rate, load.times)
    }

    /// The same with texts.
    func measureTextSink(_ row: inout BenchRow) async throws {
        let sink = try Sink<TextHost>()
        let speaker = HTTPSpeaker(
            request: { number in
                let body = """
                    {"to":"\(Recipients.phone(number))","from":"Gatepost","text":"123456 is your code for Gatepost. It is valid \
                    for 24 hours.","ttl":86340,"ref":"0123456789abcdef0123456789abcdef"}
                    """
                return Array(
                    "POST /messages HTTP/1.1\r\nHost: bench\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8
                )
            },
            isGood: { status, _, _ in status == 201 }
        )
        let plan = LoadPlan(port: sink.port, connections: BenchRun.connections, seconds: seconds)
        let load = try await LoadGenerator.run(plan, stop: stop, speaker: speaker)
        try load.check()
        (row.rate, row.times) = (load.rate, load.times)
    }
}

/// A mail client that waits for each answer, as most do.
private struct MailSpeaker: Speaker {
    private static let letter = Array(
        (String(repeating: String(repeating: "x", count: 70) + "\r\n", count: 40) + ".\r\n").utf8
    )

    private var isGreeted = false
    private var number = 0
    /// Answers of this mail so far; EHLO is one of the first's.
    private var step = 0

    mutating func begin(_ number: Int) -> [UInt8] {
        (self.number, step) = (number, isGreeted ? 2 : 0)
        return isGreeted ? Array("MAIL FROM:<no-reply@bench.example>\r\n".utf8) : []
    }

    mutating func hear(_ bytes: inout [UInt8]) -> Heard {
        guard bytes.suffix(2) == [0x0d, 0x0a] else { return .more }
        // The last line of an answer has a blank behind its number (RFC 5321, 4.2.1).
        let line = bytes.dropLast(2).split(separator: 0x0a).last ?? []
        guard line.count >= 4, line[line.startIndex + 3] == 0x20 else { return .more }
        guard line.first == 0x32 || line.first == 0x33 else { return .refused(String(decoding: line, as: UTF8.self)) }
        bytes.removeAll(keepingCapacity: true)
        step += 1
        switch step {
        case 1: return .say(Array("EHLO bench\r\n".utf8))
        case 2:
            isGreeted = true
            return .say(Array("MAIL FROM:<no-reply@bench.example>\r\n".utf8))
        case 3: return .say(Array("RCPT TO:<\(Recipients.mail(number))>\r\n".utf8))
        case 4: return .say(Array("DATA\r\n".utf8))
        case 5: return .say(MailSpeaker.letter)
        default: return .done
        }
    }
}
