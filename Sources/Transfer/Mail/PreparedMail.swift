/// A mail as it goes on the wire, made on the caller's thread.
struct PreparedMail: Sendable {
    let server: MailServer
    let from: String
    let to: String

    /// Whether an address may only go to a server that announced SMTPUTF8.
    let needsSMTPUTF8: Bool

    /// Header fields and bodies with dots doubled, and the final dot (RFC 5321, section 4.5.2).
    let content: [UInt8]

    /// The octets of the mail as RFC 1870, section 5 counts them: without doubled dots and the final one.
    let size: Int

    let deadline: ContinuousClock.Instant
    let connectTimeout: Duration

    /// Whether there is no mail: the connection is all that is asked for.
    let isTrial: Bool

    init(_ transfer: MailTransfer, now: ContinuousClock.Instant) throws(InvalidMail) {
        guard transfer.server.isValid else { throw .server }
        guard let to = MailAddress(transfer.to) else { throw .recipient }
        let from = MailAddress(transfer.from)
        guard from != nil || transfer.from.isEmpty else { throw .sender }
        let message = try transfer.content.rendered()
        self.server = transfer.server
        self.from = transfer.from
        self.to = transfer.to
        self.needsSMTPUTF8 = to.needsSMTPUTF8 || from?.needsSMTPUTF8 == true || transfer.content.needsSMTPUTF8
        self.content = Self.dotStuffed(message)
        self.size = message.count
        self.deadline = now + transfer.timeout
        self.connectTimeout = transfer.connectTimeout
        isTrial = false
    }

    /// No mail at all: a connection is made, told goodbye and closed.
    init(trialOf server: MailServer, timeout: Duration, now: ContinuousClock.Instant) throws(InvalidMail) {
        guard server.isValid else { throw .server }
        self.server = server
        (from, to, needsSMTPUTF8, content, size) = ("", "", false, [], 0)
        (deadline, connectTimeout, isTrial) = (now + timeout, timeout, true)
    }

    private static func dotStuffed(_ message: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(message.count + 64)
        var isLineStart = true
        for byte in message {
            if isLineStart, byte == UInt8(ascii: ".") { result.append(byte) }
            result.append(byte)
            isLineStart = byte == UInt8(ascii: "\n")
        }
        result.append(contentsOf: ".\r\n".utf8)
        return result
    }
}

/// A mail on its way to the loop, and where its result is awaited.
struct MailJob: Sendable {
    let number: UInt64
    let mail: PreparedMail
    let answer: CheckedContinuation<MailResult?, Never>

    func end(_ result: MailResult) {
        answer.resume(returning: result)
    }
}
