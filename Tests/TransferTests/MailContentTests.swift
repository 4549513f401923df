import Testing
import Transfer

@Suite("What is in a mail")
struct MailContentTests {
    private let transfers = Transfers()

    private static let texts = [
        "plain\n", "no line break at the end", "", "\n\n", ".\n..\n.dot at the start\nx.\n",
        "blank at the end \nx\t\n \n",
        "a = b == c =\n", String(repeating: "x", count: 76) + "\n" + String(repeating: "y", count: 1000),
        String(repeating: "\u{E9}", count: 200), "\u{4F60}\u{597D} \u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\n",
        "From me\n--=_part--\n--=_part\n", "<p>a &amp; b</p>\n", "\u{1}\u{7F}\u{B}x\n", "a\r\nb\rc\n",
    ]

    @Test("text and HTML arrive as they were, in seven bits", arguments: texts, [true, false])
    func bodies(text: String, hasHTML: Bool) async throws {
        let peer = try await MailPeer()
        let content = MailContent(
            headers: [MailHeader("Subject", .text("x"))],
            text: text,
            html: hasHTML ? "<p>\(text)</p>\n" : nil
        )
        let server = MailServer(url: "smtp://127.0.0.1:\(peer.port)", tls: .none, heloName: "client.example")
        #expect(await transfers.mail(Mails.mail(server, content: content)).outline == "accepted")
        let mail = try peer.mail()
        #expect(Self.lines(mail.text ?? "none") == Self.lines(text))
        #expect(mail.html.map(Self.lines) == content.html.map(Self.lines))
        #expect(mail.defects == [])
        let bytes = try peer.bytes()
        #expect(bytes.allSatisfy { $0 < 0x80 })
        #expect(bytes.split(separator: 0x0A, omittingEmptySubsequences: false).allSatisfy { $0.count <= 79 })
        await transfers.shutdown()
    }

    @Test(
        "a header field's text arrives as it was, in lines of 78 characters",
        arguments: [
            "Hello", "a  b", " a", "=?UTF-8?Q?a?=", "Ihr Code f\u{FC}r M\u{FC}nchen",
            String(repeating: "many plain words ", count: 30) + "end", String(repeating: "x", count: 300),
            String(repeating: "\u{E4}", count: 100), String(repeating: "\u{4F60}\u{597D}", count: 60),
            String(repeating: "\u{1F468}\u{200D}\u{1F469}", count: 30), "_?=_ \u{E9}", "a\u{301}\u{302}",
        ]
    )
    func headerText(text: String) async throws {
        let peer = try await MailPeer()
        let address = "sender@example.com"
        let headers = [
            MailHeader("Subject", .text(text)),
            MailHeader("From", .mailbox(name: text, address: address)),
            MailHeader("X-Name-That-Is-Almost-Too-Long-To-Be", .text(text)),
            MailHeader("Message-ID", .raw("<1@example.com>")),
        ]
        let server = MailServer(url: "smtp://127.0.0.1:\(peer.port)", tls: .none, heloName: "client.example")
        let content = MailContent(headers: headers, text: "x")
        #expect(await transfers.mail(Mails.mail(server, content: content)).outline == "accepted")
        let fields = Dictionary(uniqueKeysWithValues: try peer.mail().headers.map { ($0[0], $0[1]) })
        #expect(fields["X-Name-That-Is-Almost-Too-Long-To-Be"] == text)
        #expect(fields["Subject"] == text)
        #expect(fields["Message-ID"] == "<1@example.com>")
        let bytes = try peer.bytes()
        #expect(bytes.allSatisfy { $0 < 0x80 })
        #expect(bytes.split(separator: 0x0A, omittingEmptySubsequences: false).allSatisfy { $0.count <= 79 })
        #expect(try peer.mail().defects == [])
        await transfers.shutdown()
    }

    @Test(
        "a name before an address is an atom, a quoted string or encoded words",
        arguments: [
            ("Gate Post", "From: Gate Post <a@example.com>\r\n"),
            ("Post, Inc.", "From: \"Post, Inc.\" <a@example.com>\r\n"),
            ("a \"b\" \\", "From: \"a \\\"b\\\" \\\\\" <a@example.com>\r\n"),
            ("J\u{F6}rg", "From: =?UTF-8?Q?J=C3=B6rg?= <a@example.com>\r\n"),
            ("", "From: <a@example.com>\r\n"),
            (
                "A name that is so long that the address has no room on its line",
                "From: A name that is so long that the address has no room on its line\r\n <a@example.com>\r\n"
            ),
        ]
    )
    func names(name: String, line: String) throws {
        let header = MailHeader("From", .mailbox(name: name, address: "a@example.com"))
        let message = try MailContent(headers: [header], text: "").rendered()
        #expect(String(decoding: message, as: UTF8.self).utf8.starts(with: line.utf8))
    }

    @Test("a recipient's address outside ASCII stands in the header of a mail that says SMTPUTF8")
    func internationalHeader() async throws {
        let peer = try await MailPeer()
        let address = "j\u{F6}rg@example.net"
        let server = MailServer(url: "smtp://127.0.0.1:\(peer.port)", tls: .none, heloName: "client.example")
        let content = MailContent(headers: [MailHeader("To", .mailbox(name: nil, address: address))], text: "x")
        #expect(await transfers.mail(Mails.mail(server, to: address, content: content)).outline == "accepted")
        let mail = try peer.mail()
        #expect(mail.to == [address])
        #expect(mail.options.contains("SMTPUTF8"))
        await transfers.shutdown()
    }

    /// Lines of a text, without regard to how they end and to empty ones at the end.
    private static func lines(_ text: String) -> [String] {
        let unified = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        var lines = unified.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while lines.last == "" { lines.removeLast() }
        return lines
    }
}
