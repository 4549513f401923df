import SMTPSink
import Testing
import Transfer

@Suite("Addresses and header fields of mails")
struct MailAddressTests {
    private let transfers = Transfers()

    @Test(
        "an address that is more or less than one address never reaches the wire",
        arguments: [
            "", "person", "@example.net", "person@", "person@example.net\r\nRCPT TO:<other@example.net>",
            "person\r\n@example.net", "person@example.net\n", "person@example.net\0", "pe\0rson@example.net",
            "<person@example.net>", "person>@example.net", "person@exa<mple.net", "per son@example.net",
            "person@example .net", "person\t@example.net", "per\u{7F}son@example.net", "per\u{85}son@example.net",
            "per\u{2028}son@example.net", "per\u{A0}son@example.net", "per\u{200B}son@example.net",
            "a@x.net,b@example.net", "a:b@example.net", "person@b\u{FC}cher.example", "person@example..net",
            "\"a b\"@example.net", "\"a\"b\"@example.net", String(repeating: "a", count: 65) + "@example.net",
            "a@" + String(repeating: "a.", count: 130) + "net",
        ]
    )
    func invalid(address: String) async throws {
        let sink = try SMTPSink()
        #expect(await transfers.mail(Mails.mail(Mails.server(sink), to: address)) == .invalid(.recipient))
        if !address.isEmpty {
            #expect(await transfers.mail(Mails.mail(Mails.server(sink), from: address)) == .invalid(.sender))
        }
        let content = MailContent(headers: [MailHeader("To", .mailbox(name: nil, address: address))], text: "")
        #expect(await transfers.mail(Mails.mail(Mails.server(sink), content: content)) == .invalid(.header("To")))
        #expect(sink.counters.connections == 0)
        await transfers.shutdown()
        await sink.stop()
    }

    @Test(
        "an unusual address reaches the server as it is",
        arguments: [
            "a..b.@example.net", "o'neil+tag=1@example.net", "\"a,b\"@example.net", "person@[127.0.0.1]",
            "person@[IPv6:::1]", "x@localhost", "%a!b/c#d$e&f*g?h^i_j`k{l|m}~@example.net",
        ]
    )
    func unusual(address: String) async throws {
        let sink = try SMTPSink()
        #expect(await transfers.mail(Mails.mail(Mails.server(sink), to: address)).outline == "accepted")
        #expect(sink.mails.first?.recipients == [address])
        await transfers.shutdown()
        await sink.stop()
    }

    @Test("the envelope's sender may be empty")
    func nullSender() async throws {
        let sink = try SMTPSink()
        #expect(await transfers.mail(Mails.mail(Mails.server(sink), from: "")).outline == "accepted")
        #expect(sink.commands.contains { $0.hasPrefix("MAIL FROM:<>") })
        await transfers.shutdown()
        await sink.stop()
    }

    @Test(
        "a header field that is more than one line never reaches the wire",
        arguments: [
            MailHeader("Subject", .text("one\r\nBcc: other@example.net")), MailHeader("Subject", .text("one\ntwo")),
            MailHeader("Subject", .text("a\0b")), MailHeader("Subject", .text("a\u{85}b")),
            MailHeader("Subject", .text("a\u{2028}b")), MailHeader("Date", .raw("one\r\n two")),
            MailHeader("Date", .raw("m\u{E4}rz")), MailHeader("Date", .raw(String(repeating: "x", count: 1000))),
            MailHeader("From", .mailbox(name: "a\r\nBcc: x", address: "a@example.net")),
            MailHeader("From", .mailbox(name: "a", address: "a@example.net>\r\nBcc: <x@example.net")),
            MailHeader("Content-Type", .raw("text/plain")), MailHeader("mime-version", .raw("1.0")),
        ]
    )
    func invalidValue(header: MailHeader) async throws {
        let sink = try SMTPSink()
        let mail = Mails.mail(Mails.server(sink), content: MailContent(headers: [header], text: ""))
        #expect(await transfers.mail(mail) == .invalid(.header(header.name)))
        #expect(sink.counters.connections == 0)
        await transfers.shutdown()
        await sink.stop()
    }

    @Test("a header field without a proper name is refused", arguments: ["", "A B", "A:", "A\r\nB", "\u{C4}"])
    func invalidName(name: String) async throws {
        let sink = try SMTPSink()
        let content = MailContent(headers: [MailHeader(name, .text("value"))], text: "")
        #expect(await transfers.mail(Mails.mail(Mails.server(sink), content: content)) == .invalid(.header("")))
        #expect(sink.counters.connections == 0)
        await transfers.shutdown()
        await sink.stop()
    }

    @Test(
        "a server that cannot be named or spoken to is refused",
        arguments: [
            MailServer(url: "http://127.0.0.1:1", heloName: "x"),
            MailServer(url: "file:///etc/hostname", heloName: "x"),
            MailServer(url: "smtp://127.0.0.1:1\r\n", heloName: "x"),
            MailServer(url: "smtp://127.0.0.1:1", heloName: ""),
            MailServer(url: "smtp://127.0.0.1:1", heloName: "x\r\nMAIL FROM:<>"),
            MailServer(url: "smtp://127.0.0.1:1", login: Login(account: "a\0b", secret: "c"), heloName: "x"),
        ]
    )
    func invalidServer(server: MailServer) async {
        #expect(await transfers.mail(Mails.mail(server)) == .invalid(.server))
        await transfers.shutdown()
    }

    @Test("the name for EHLO is sent as it is", arguments: ["client.example", "[127.0.0.1]", "[IPv6:::1]"])
    func hello(name: String) async throws {
        let sink = try SMTPSink()
        let server = MailServer(url: "smtp://127.0.0.1:\(sink.port)", tls: .none, heloName: name)
        #expect(await transfers.mail(Mails.mail(server)).outline == "accepted")
        #expect(sink.commands.first == "EHLO \(name)")
        await transfers.shutdown()
        await sink.stop()
    }

    @Test("a local part outside ASCII goes only to a server that announced SMTPUTF8, on a reused connection too")
    func smtpUTF8() async throws {
        let address = "j\u{F6}rg@example.net"
        let (with, without) = (try SMTPSink(script: SinkScript(extensions: ["SMTPUTF8"])), try SMTPSink())
        for sink in [with, without] {
            #expect(await transfers.mail(Mails.mail(Mails.server(sink))).outline == "accepted")
        }
        for _ in 1...2 {
            #expect(await transfers.mail(Mails.mail(Mails.server(with), to: address)).outline == "accepted")
            let refused = await transfers.mail(Mails.mail(Mails.server(without), to: address))
            #expect(refused == .invalid(.addressNeedsSMTPUTF8))
        }
        let sent = await transfers.mail(Mails.mail(Mails.server(without), from: address))
        #expect(sent == .invalid(.addressNeedsSMTPUTF8))
        #expect(with.mails.last?.recipients == [address])
        #expect(with.mails.last?.parameters == "SMTPUTF8")
        #expect(with.mails.first?.parameters == "")
        #expect(with.counters.connections == 1)
        #expect(without.counters.connections == 1)
        #expect(without.commands.count { $0.hasPrefix("MAIL") } == 1)
        await transfers.shutdown()
        await with.stop()
        await without.stop()
    }
}
