import SMTPSink
import TestSupport
import Testing
import Transfer

@Suite("The trial of a server")
struct TrialTests {
    private let transfers = Transfers()
    private static let limit: Duration = .seconds(10)

    private func isRefused(_ trial: ServerTrial, _ code: String) -> Bool {
        if case .refused(code, _) = trial { true } else { false }
    }

    private func isUnreachable(_ trial: ServerTrial) -> Bool {
        if case .unreachable = trial { true } else { false }
    }

    // MARK: HTTP

    @Test("of a web server connects anew each time and sends nothing")
    func http() async throws {
        let peer = try HTTPPeer()
        defer { peer.stop() }
        let exchange = HTTPExchange(method: "GET", url: peer.url)
        #expect(await transfers.http(exchange).answer?.status == 200)
        for _ in 1...2 { #expect(await transfers.tryOut(peer.url, timeout: Self.limit) == .stood) }
        // The kept connection of before is good still; those of the trials are not used.
        #expect(await transfers.http(exchange).answer?.status == 200)
        #expect(peer.requests.map(\.connection) == [1, 1])
        #expect(peer.connections == 3)
        await transfers.shutdown()
    }

    @Test("of a web server with TLS checks its certificate")
    func https() async throws {
        let certificate = try await Certificate()
        let peer = try await TLSPeer(certificate)
        defer { peer.stop() }
        let url = "https://127.0.0.1:\(peer.port)/"
        let file = certificate.certificate
        #expect(await transfers.tryOut(url, caFile: file, timeout: Self.limit) == .stood)
        #expect(isRefused(await transfers.tryOut(url, timeout: Self.limit), "tls"))
        #expect(isRefused(await transfers.tryOut(url, caFile: "/none.pem", timeout: Self.limit), "tls"))
        await transfers.shutdown()
    }

    @Test("of a web server that nobody is, of a URL that is none, and after the end")
    func nobody() async {
        #expect(isUnreachable(await transfers.tryOut("http://127.0.0.1:1/", timeout: Self.limit)))
        #expect(isUnreachable(await transfers.tryOut("http://nobody.invalid/", timeout: Self.limit)))
        #expect(await transfers.tryOut("ftp://127.0.0.1/", timeout: Self.limit) == .invalid)
        #expect(await transfers.tryOut("http://a b/", timeout: Self.limit) == .invalid)
        await transfers.shutdown()
        #expect(await transfers.tryOut("http://127.0.0.1:1/", timeout: Self.limit) == .cancelled)
    }

    // MARK: Mail

    @Test("of a mail server says EHLO and QUIT on a connection of its own, and no mail")
    func mail() async throws {
        let sink = try SMTPSink()
        let server = Mails.server(sink)
        #expect(await transfers.mail(Mails.mail(server)).outline == "accepted")
        for _ in 1...2 { #expect(await transfers.tryOut(server, timeout: Self.limit) == .stood) }
        try await sink.command(containing: "QUIT", within: .seconds(30))
        #expect(sink.commands.count { $0.hasPrefix("EHLO") } == 3)
        #expect(sink.counters.taken == 1)
        #expect(await transfers.mail(Mails.mail(server)).outline == "accepted")
        #expect(sink.commands.count { $0.hasPrefix("EHLO") } == 3)
        await transfers.shutdown()
        await sink.stop()
    }

    @Test(
        "of a mail server that says no tells its reply",
        arguments: [
            (SinkRule.Step.greeting, "554 5.3.2 Not today", "554"), (.greeting, "421 4.3.2 Too busy", "421"),
            (.hello, "550 5.7.1 Not you", "550"),
        ]
    )
    func refusal(step: SinkRule.Step, reply: String, code: String) async throws {
        let sink = try SMTPSink(script: SinkScript(rules: [SinkRule(step, .reply(reply))]))
        let trial = await transfers.tryOut(Mails.server(sink), timeout: Self.limit)
        #expect(isRefused(trial, code), "\(trial)")
        await transfers.shutdown()
        await sink.stop()
    }

    @Test("of a mail server that is silent or not there ends in time", arguments: [true, false])
    func silence(isThere: Bool) async throws {
        let sink = try SMTPSink(script: SinkScript(rules: [SinkRule(.greeting, .silence)]))
        var server = Mails.server(sink)
        // The port of another address: a freed one of this address may be given to another test's server at once.
        if !isThere { server.url = server.url.replacing("127.0.0.1", with: "127.83.77.84") }
        #expect(isUnreachable(await transfers.tryOut(server, timeout: .seconds(1))))
        await transfers.shutdown()
        await sink.stop()
    }

    @Test("of a mail server without the TLS or login that is asked for is refused")
    func lacking() async throws {
        let sink = try SMTPSink()
        var server = Mails.server(sink)
        server.tls = .required
        #expect(isRefused(await transfers.tryOut(server, timeout: Self.limit), "tls"))
        server.tls = .none
        server.login = Login(account: "user", secret: "secret")
        #expect(isRefused(await transfers.tryOut(server, timeout: Self.limit), "login"))
        server.url = "imap://127.0.0.1"
        #expect(await transfers.tryOut(server, timeout: Self.limit) == .invalid)
        await transfers.shutdown()
        await sink.stop()
    }

    @Test("of a mail server checks certificate and login, whichever way TLS begins", arguments: ["smtp", "smtps"])
    func security(scheme: String) async throws {
        let certificate = try await Certificate()
        let peer = try await MailPeer(
            mode: scheme == "smtp" ? .starttls : .tls,
            certificate: certificate,
            mechanisms: ["PLAIN"],
            login: ("user", "secret")
        )
        var server = MailServer(
            url: "\(scheme)://127.0.0.1:\(peer.port)",
            tls: .required,
            login: Login(account: "user", secret: "secret"),
            caFile: certificate.certificate,
            heloName: "client.example"
        )
        #expect(await transfers.tryOut(server, timeout: Self.limit) == .stood)
        server.login?.secret = "other"
        let wrong = await transfers.tryOut(server, timeout: Self.limit)
        #expect(isRefused(wrong, "535"), "\(wrong)")
        server.caFile = nil
        let unknown = await transfers.tryOut(server, timeout: Self.limit)
        #expect(isRefused(unknown, "tls"), "\(unknown)")
        await transfers.shutdown()
    }
}
