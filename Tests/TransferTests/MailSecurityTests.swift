import SMTPSink
import Testing
import Transfer

@Suite("TLS and login of mail servers")
struct MailSecurityTests {
    private let transfers = Transfers()

    private func server(
        _ peer: MailPeer,
        tls: MailServer.TLS,
        caFile: String? = nil,
        login: Login? = nil,
        scheme: String = "smtp",
        host: String = "127.0.0.1"
    ) -> MailServer {
        MailServer(
            url: "\(scheme)://\(host):\(peer.port)",
            tls: tls,
            login: login,
            caFile: caFile,
            heloName: "client.example"
        )
    }

    @Test("where TLS is required and not offered nothing is sent")
    func notOffered() async throws {
        let sink = try SMTPSink()
        var server = Mails.server(sink)
        server.tls = .required
        #expect(await transfers.mail(Mails.mail(server)).outline == "unreachable at STARTTLS")
        #expect(sink.commands.allSatisfy { $0.hasPrefix("EHLO") })
        server.tls = .opportunistic
        #expect(await transfers.mail(Mails.mail(server)).outline == "accepted")
        await transfers.shutdown()
        await sink.stop()
    }

    @Test("a login is not told in plain text to a server that may have lost its offer of TLS on the way")
    func strippedOffer() async throws {
        let sink = try SMTPSink(script: SinkScript(extensions: ["AUTH PLAIN LOGIN"]))
        var server = Mails.server(sink)
        server.tls = .opportunistic
        server.login = Login(account: "user", secret: "secret")
        #expect(await transfers.mail(Mails.mail(server)).outline == "unreachable at STARTTLS")
        #expect(sink.commands.allSatisfy { $0.hasPrefix("EHLO") })
        await transfers.shutdown()
        await sink.stop()
    }

    @Test(
        "a certificate that nobody vouches for is refused in every mode",
        arguments: [MailServer.TLS.required, .opportunistic]
    )
    func unknownAuthority(tls: MailServer.TLS) async throws {
        let certificate = try await Certificate()
        let peer = try await MailPeer(mode: .starttls, certificate: certificate)
        let implicit = try await MailPeer(mode: .tls, certificate: certificate)
        #expect(await transfers.mail(Mails.mail(server(peer, tls: tls))).outline == "unreachable at STARTTLS")
        let mail = Mails.mail(server(implicit, tls: tls, scheme: "smtps"))
        #expect(await transfers.mail(mail).outline == "unreachable at no step")
        #expect(try peer.count == 0)
        #expect(try implicit.count == 0)
        await transfers.shutdown()
    }

    @Test(
        "a certificate is accepted with its file in every mode",
        arguments: [MailServer.TLS.required, .opportunistic]
    )
    func ownAuthority(tls: MailServer.TLS) async throws {
        let certificate = try await Certificate()
        let file = certificate.certificate
        let peer = try await MailPeer(mode: .starttls, certificate: certificate)
        let implicit = try await MailPeer(mode: .tls, certificate: certificate)
        for _ in 1...3 {
            #expect(await transfers.mail(Mails.mail(server(peer, tls: tls, caFile: file))).outline == "accepted")
            let mail = Mails.mail(server(implicit, tls: tls, caFile: file, scheme: "smtps"))
            #expect(await transfers.mail(mail).outline == "accepted")
        }
        #expect(try peer.mail(3).tls)
        #expect(try implicit.mail(3).tls)
        // What was trusted for one server is not trusted without the file.
        #expect(await transfers.mail(Mails.mail(server(peer, tls: tls))).outline == "unreachable at STARTTLS")
        await transfers.shutdown()
    }

    @Test("a certificate of another name is refused", arguments: ["starttls", "tls"])
    func otherName(mode: String) async throws {
        let certificate = try await Certificate(subject: "DNS:other.example")
        let peer = try await MailPeer(mode: mode == "tls" ? .tls : .starttls, certificate: certificate)
        let scheme = mode == "tls" ? "smtps" : "smtp"
        let server = server(peer, tls: .required, caFile: certificate.certificate, scheme: scheme)
        let outline = await transfers.mail(Mails.mail(server)).outline
        #expect(outline == (mode == "tls" ? "unreachable at no step" : "unreachable at STARTTLS"))
        #expect(try peer.count == 0)
        await transfers.shutdown()
    }

    @Test("a large mail arrives whole over TLS")
    func largeOverTLS() async throws {
        let certificate = try await Certificate()
        let peer = try await MailPeer(mode: .starttls, certificate: certificate)
        let content = MailContent(headers: [], text: String(repeating: "0123456789 abcdef\n", count: 100_000))
        let server = server(peer, tls: .required, caFile: certificate.certificate)
        #expect(await transfers.mail(Mails.mail(server, content: content)).outline == "accepted")
        #expect(try peer.bytes() == content.rendered())
        await transfers.shutdown()
    }

    @Test(
        "a login by PLAIN or LOGIN, whichever is offered, works",
        arguments: [["PLAIN"], ["LOGIN"], ["PLAIN", "LOGIN"]]
    )
    func login(mechanisms: [String]) async throws {
        let certificate = try await Certificate()
        let peer = try await MailPeer(
            mode: .starttls,
            certificate: certificate,
            mechanisms: mechanisms,
            login: ("user", "secr\u{E9}t")
        )
        let login = Login(account: "user", secret: "secr\u{E9}t")
        let server = server(peer, tls: .required, caFile: certificate.certificate, login: login)
        for _ in 1...2 { #expect(await transfers.mail(Mails.mail(server)).outline == "accepted") }
        #expect(try peer.mail(2).login == "user")
        await transfers.shutdown()
    }

    @Test("a wrong secret makes the server unreachable, with its reply")
    func wrongSecret() async throws {
        let peer = try await MailPeer(mechanisms: ["PLAIN", "LOGIN"], login: ("user", "secret"))
        let server = server(peer, tls: .none, login: Login(account: "user", secret: "other"))
        guard case .unreachable(let failure) = await transfers.mail(Mails.mail(server)) else {
            Issue.record("not unreachable")
            return
        }
        #expect(failure.step == .login)
        #expect(failure.reply?.code == 535)
        #expect(!failure.reason.contains("other"))
        await transfers.shutdown()
    }

    @Test("a connection with one login is not used for another")
    func otherLogin() async throws {
        let peer = try await MailPeer(mechanisms: ["PLAIN"], login: ("user", "secret"))
        let right = server(peer, tls: .none, login: Login(account: "user", secret: "secret"))
        let wrong = server(peer, tls: .none, login: Login(account: "user", secret: "other"))
        #expect(await transfers.mail(Mails.mail(right)).outline == "accepted")
        #expect(await transfers.mail(Mails.mail(wrong)).outline == "unreachable at AUTH")
        await transfers.shutdown()
    }

    @Test("a server without a login that is wanted is unreachable", arguments: [[], ["AUTH CRAM-MD5"]])
    func noLogin(extensions: [String]) async throws {
        let sink = try SMTPSink(script: SinkScript(extensions: extensions))
        var server = Mails.server(sink)
        server.login = Login(account: "user", secret: "secret")
        #expect(await transfers.mail(Mails.mail(server)).outline == "unreachable at AUTH")
        #expect(sink.commands.allSatisfy { $0.hasPrefix("EHLO") })
        await transfers.shutdown()
        await sink.stop()
    }
}
