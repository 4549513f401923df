private import Glibc

/// One connection's dialogue: bytes in, replies out.
struct SinkSession {
    /// What is to be done after some bytes.
    struct Output {
        var reply: [UInt8] = []
        var closes = false

        /// Nothing more is read or answered.
        var isSilent = false

        /// The reply waits for so long, and what comes after it too.
        var delay: Duration?
    }

    private let connection: Int
    private var input: [UInt8] = []
    private var read = 0

    /// Up to here the content has been looked through for its end.
    private var scanned = 0
    private var isReadingData = false
    private var hasSeenContent = false
    private var transaction = SinkTransaction()

    init(connection: Int) {
        self.connection = connection
    }

    /// What is said when the connection opens.
    mutating func greeting(_ desk: SinkDesk) -> Output {
        var output = Output()
        answer(.greeting, "220 sink ready", desk, &output)
        return output
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        unsafe input.append(contentsOf: bytes)
    }

    /// Goes through the input until it ends, or until a reply must wait.
    mutating func advance(_ desk: SinkDesk) -> Output {
        var output = Output()
        while !output.closes, !output.isSilent, output.delay == nil {
            guard isReadingData ? advanceData(desk, &output) : advanceCommand(desk, &output) else { break }
        }
        if read == input.count {
            input.removeAll(keepingCapacity: true)
            (read, scanned) = (0, 0)
        } else if read > 64 << 10 {
            input.removeFirst(read)
            (read, scanned) = (0, max(0, scanned - read))
        }
        return output
    }

    // MARK: Commands

    private mutating func advanceCommand(_ desk: SinkDesk, _ output: inout Output) -> Bool {
        guard let end = lineEnd(from: read) else { return false }
        var line = input[read..<end]
        if line.last == 0x0D { line.removeLast() }
        read = end + 1
        obey(String(decoding: line, as: UTF8.self), desk, &output)
        return true
    }

    private mutating func obey(_ line: String, _ desk: SinkDesk, _ output: inout Output) {
        desk.store.heard(line)
        switch line.prefix(4).uppercased() {
        case "EHLO", "HELO":
            transaction = SinkTransaction()
            answer(.hello, line.first == "H" || line.first == "h" ? "250 sink" : desk.ehlo, desk, &output)
        // It knows no login; a script may refuse one as a server does that knows some.
        case "AUTH": answer(.login, "500 5.5.2 Not understood", desk, &output)
        case "MAIL":
            guard transaction.number == 0 else { return say("503 5.5.1 Sender already given", desk, &output) }
            transaction = SinkTransaction(number: desk.begin(), line: line)
            if !answer(.sender, "250 2.1.0 Sender taken", desk, &output) { transaction = SinkTransaction() }
        case "RCPT":
            guard transaction.number > 0 else { return say("503 5.5.1 MAIL first", desk, &output) }
            transaction.recipients.append(SinkTransaction.argument(of: line).path)
            if !answer(.recipient, "250 2.1.5 Recipient taken", desk, &output) { transaction.recipients.removeLast() }
        case "DATA":
            guard !transaction.recipients.isEmpty else { return say("503 5.5.1 RCPT first", desk, &output) }
            isReadingData = answer(.data, "354 Go on", desk, &output)
            hasSeenContent = false
        case "RSET":
            transaction = SinkTransaction()
            say("250 2.0.0 Cleared", desk, &output)
        case "NOOP": say("250 2.0.0 Yes", desk, &output)
        case "QUIT":
            desk.store.count { $0.farewells += 1 }
            say("221 2.0.0 Goodbye", desk, &output)
            output.closes = true
        default: say("500 5.5.2 Not understood", desk, &output)
        }
    }

    // MARK: Text

    private mutating func advanceData(_ desk: SinkDesk, _ output: inout Output) -> Bool {
        guard read < input.count else { return false }
        if !hasSeenContent {
            hasSeenContent = true
            answer(.content, "", desk, &output)
            if output.closes || output.isSilent { return false }
        }
        guard let end = contentEnd() else { return false }
        let content = input[read..<end]
        read = end + 3
        isReadingData = false
        let transaction = transaction
        if answer(.endOfData, "250 2.0.0 Taken", desk, &output) {
            let connection = connection
            desk.store.take { number in
                SinkMail(
                    number: number,
                    connection: connection,
                    from: transaction.from,
                    parameters: transaction.parameters,
                    recipients: transaction.recipients,
                    data: Self.unstuffed(content)
                )
            }
        }
        self.transaction = SinkTransaction()
        return true
    }

    /// Without the dots that were put before a dot at the start of a line (RFC 5321, section 4.5.2).
    private static func unstuffed(_ content: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(content.count)
        var isLineStart = true
        for byte in content {
            if !(isLineStart && byte == UInt8(ascii: ".")) { result.append(byte) }
            isLineStart = byte == 0x0A
        }
        return result
    }

    /// Where the content ends and its final dot stands, or nil while that has not come.
    private mutating func contentEnd() -> Int? {
        if input[read...].starts(with: ".\r\n".utf8) { return read }
        scanned = max(scanned, read)
        while let end = lineEnd(from: scanned), end + 3 < input.count {
            scanned = end + 1
            if input[scanned] == UInt8(ascii: "."), input[scanned + 1] == 0x0D, input[scanned + 2] == 0x0A,
                end > read, input[end - 1] == 0x0D
            {
                return scanned
            }
        }
        return nil
    }

    private func lineEnd(from start: Int) -> Int? {
        unsafe input.withUnsafeBytes { bytes -> Int? in
            guard let base = bytes.baseAddress, start < bytes.count else { return nil }
            return unsafe memchr(base + start, 0x0A, bytes.count - start).map { unsafe UnsafeRawPointer($0) - base }
        }
    }

    // MARK: Replies

    private func say(_ line: String, _ desk: SinkDesk, _ output: inout Output) {
        if let first = line.utf8.first, first >= UInt8(ascii: "4") { desk.store.count { $0.refused += 1 } }
        output.reply.append(contentsOf: line.utf8)
        output.reply.append(contentsOf: [0x0D, 0x0A])
    }

    /// Answers by the script's rule for this point, or as given, and returns whether the step was taken.
    @discardableResult
    private func answer(_ step: SinkRule.Step, _ line: String, _ desk: SinkDesk, _ output: inout Output) -> Bool {
        switch desk.behaviour(step, connection: connection, transaction) {
        case .reply(let line)?, .replyFirst(let line)?:
            say(line, desk, &output)
            if line.hasPrefix("421") { output.closes = true }
            return line.hasPrefix("2") || line.hasPrefix("3")
        case .silence?: output.isSilent = true
        case .close?: output.closes = true
        case .delay(let delay)?:
            output.delay = delay
            fallthrough
        case nil:
            if !line.isEmpty { say(line, desk, &output) }
        }
        return true
    }
}
