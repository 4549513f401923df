import Testing

@testable import Transfer

@Suite("The dialogue of one mail")
struct MailDialogueTests {
    private let mail: PreparedMail

    init() throws {
        let server = MailServer(url: "smtp://127.0.0.1", heloName: "x")
        let transfer = MailTransfer(
            server: server,
            from: "a@example.com",
            to: "b@example.com",
            content: MailContent(headers: [], text: "x")
        )
        mail = try PreparedMail(transfer, now: .now)
    }

    private func dialogue(pipelining: Bool = true) -> MailDialogue {
        MailDialogue(mail: mail, extensions: SMTPExtensions(pipelining: pipelining))
    }

    private func reply(_ code: Int) -> SMTPReply { SMTPReply(code: code, text: "") }

    @Test("with PIPELINING all commands go out together")
    func pipelined() {
        var dialogue = dialogue()
        let opening = "MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n"
        #expect(dialogue.opening == Array(opening.utf8))
        #expect(dialogue.received(reply(250)) == .wait)
        #expect(dialogue.received(reply(251)) == .wait)
        #expect(dialogue.received(reply(354)) == .sendContent)
        #expect(dialogue.received(reply(250)) == .finish(.accepted(reply(250)), then: .keep))
    }

    @Test("without PIPELINING each command waits for the reply before")
    func oneByOne() {
        var dialogue = dialogue(pipelining: false)
        #expect(dialogue.opening == Array("MAIL FROM:<a@example.com>\r\n".utf8))
        #expect(dialogue.received(reply(250)) == .send(Array("RCPT TO:<b@example.com>\r\n".utf8)))
        #expect(dialogue.received(reply(250)) == .send(Array("DATA\r\n".utf8)))
        #expect(dialogue.received(reply(354)) == .sendContent)
    }

    @Test(
        "a refusal leaves as many replies to come as commands were sent after it",
        arguments: [(0, SMTPStep.sender, 2), (1, .recipient, 1), (2, .data, 0)]
    )
    func outstanding(positive: Int, step: SMTPStep, count: Int) {
        var (together, single) = (dialogue(), dialogue(pipelining: false))
        for _ in 0..<positive {
            _ = together.received(reply(250))
            _ = single.received(reply(250))
        }
        let result = MailResult.refused(reply(550), at: step)
        #expect(together.received(reply(550)) == .finish(result, then: .reset(outstanding: count)))
        #expect(single.received(reply(550)) == .finish(result, then: .reset(outstanding: 0)))
    }

    @Test("a positive reply to DATA other than 354 is no leave to send the text", arguments: [200, 250, 334, 399, 100])
    func noLeave(code: Int) {
        var dialogue = dialogue()
        _ = dialogue.received(reply(250))
        _ = dialogue.received(reply(250))
        guard case .finish(.interrupted, .close) = dialogue.received(reply(code)) else {
            Issue.record("went on")
            return
        }
    }

    @Test(
        "a reply after the final dot that says neither yes nor no leaves the mail unknown",
        arguments: [100, 354, 600]
    )
    func neither(code: Int) {
        var dialogue = dialogue()
        for code in [250, 250, 354] { _ = dialogue.received(reply(code)) }
        guard case .finish(.unknown, .close) = dialogue.received(reply(code)) else {
            Issue.record("was sure")
            return
        }
    }

    @Test("421 ends the connection at every step", arguments: 0...3)
    func closing(step: Int) {
        var dialogue = dialogue()
        for code in [250, 250, 354].prefix(step) { _ = dialogue.received(reply(code)) }
        guard case .finish(.refused(_, _), .close) = dialogue.received(reply(421)) else {
            Issue.record("went on")
            return
        }
    }

    @Test("breaking and cancelling are harmless before 354 only", arguments: 0...3)
    func breaking(step: Int) {
        var dialogue = dialogue()
        for code in [250, 250, 354].prefix(step) { _ = dialogue.received(reply(code)) }
        if case .unknown = dialogue.broken(reason: "") { #expect(step == 3) } else { #expect(step < 3) }
        #expect((dialogue.cancelled(reason: "") == .cancelled) == (step < 3))
    }

    @Test("replies are put together whatever pieces they come in", arguments: 1...20)
    func pieces(size: Int) throws {
        let bytes = Array("220 hello\r\n250-one\r\n250-2.1.0 two\r\n250 three\r\n354\r\n550 5.1.1 x\n".utf8)
        var reader = SMTPReplyReader()
        var replies: [SMTPReply] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { reader.append($0) }
            while let reply = try reader.next() { replies.append(reply) }
        }
        #expect(replies.map(\.code) == [220, 250, 354, 550])
        #expect(replies.map(\.text) == ["hello", "one\n2.1.0 two\nthree", "", "5.1.1 x"])
        #expect(replies[3].enhanced == EnhancedStatus(class: 5, subject: 1, detail: 1))
        #expect(reader.isBetweenReplies)
    }

    @Test("what is no reply is said to be none", arguments: ["hello\r\n", "2x0 a\r\n", "250?a\r\n", "25\r\n", "\r\n"])
    func malformed(text: String) {
        var reader = SMTPReplyReader()
        Array(text.utf8).withUnsafeBytes { reader.append($0) }
        #expect(throws: SMTPReplyReader.Malformed.self) { try reader.next() }
    }

    @Test("a reply without an end is cut off")
    func endless() {
        var reader = SMTPReplyReader()
        [UInt8](repeating: 0x32, count: 70_000).withUnsafeBytes { reader.append($0) }
        #expect(throws: SMTPReplyReader.Malformed.self) { try reader.next() }
    }
}
