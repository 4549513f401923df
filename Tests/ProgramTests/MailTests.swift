import Clocks
import JSON
import SMTPSink
import Testing

@Suite("A mail", .timeLimit(.minutes(12)))
struct MailTests {
    private static let tenant = """
        [[tenants]]
        name = "default"
        links = ["https://app.example.com/"]
        brand = { name = "Crud, \\"dür\\" & Co", domain = "cruddur.com", from_email = "no-reply@cruddur.com" }
        """

    @Test(
        "leaves with all its headers and the same code in text and HTML, and that code verifies over TCP with a token"
    )
    func arrives() async throws {
        let sink = try SMTPSink(script: SinkScript(rules: [SinkRule(.recipient, .replyFirst("451 4.7.1 Later"))]))
        var settings = InstallationSettings.mail(port: sink.port)
        settings.listen = "127.0.0.1:0"
        settings.tables.append(MailTests.tenant)
        try await Installation.make(settings) { post in
            let up = try await post.up()
            let url = try await post.url(of: up)
            let token = try await post.token("events,codes")
            let data: JSONObject = ["name": "Bob <b>by", "link": "https://app.example.com/c?code={{code}}&x=1"]
            let one = try Accepted(
                await post.submit(
                    Installation.event("1", to: "Ann.Lee@Example.com", data),
                    headers: [("Authorization", "Bearer " + token)],
                    at: url
                )
            )
            let taken = try #require(try await sink.mails(count: 1, within: patience).first)
            let mail = ReceivedMail(taken)
            #expect(taken.from == "no-reply@cruddur.com")
            #expect(taken.recipients == ["Ann.Lee@example.com"])
            #expect(mail.header("To") == "<Ann.Lee@example.com>")
            #expect(mail.header("From")?.hasSuffix("<no-reply@cruddur.com>") == true)
            #expect(mail.header("Message-ID") == "<\(one.delivery)@cruddur.com>")
            #expect(mail.header("Auto-Submitted") == "auto-generated")
            #expect(mail.header("MIME-Version") == "1.0")
            #expect(mail.header("Date")?.hasSuffix(" +0000") == true)
            #expect(mail.header("Content-Type")?.hasPrefix("multipart/alternative") == true)
            // RFC 2047: what is not ASCII stands in encoded words.
            #expect(mail.header("Subject")?.contains("=?UTF-8?") == true)
            #expect(mail.headers.allSatisfy { $0.value.utf8.allSatisfy { $0 < 0x80 } })

            let parts = mail.parts
            #expect(parts.map { $0.header("Content-Type")?.prefix { $0 != ";" } } == ["text/plain", "text/html"])
            let code = try #require(mail.code)
            #expect(parts[0].body.contains("Hello Bob <b>by,"))
            #expect(parts[0].body.contains("https://app.example.com/c?code=\(code)&x=1"))
            #expect(parts[1].body.contains("<strong>\(code)</strong>"))
            #expect(parts[1].body.contains("Bob &lt;b&gt;by"))
            #expect(parts[1].body.contains("https://app.example.com/c?code=\(code)&amp;x=1"))

            try await post.reached("accepted", one)
            let verified = try await post.verify(one, code, token: token, at: url)
            #expect(verified.status == 200)
            for text in ["Ann.Lee", "ann.lee", "Bob <b>by", code] {
                #expect(!fileContains(post.path("data/gatepost.db-wal"), text))
                #expect(!up.complaints.contains(text))
            }
        }
    }

    @Test("claimed twice has the same Message-ID and the same code")
    func stable() async throws {
        try await Installation.make(.mail(port: 9)) { post in
            _ = try await post.server()
            _ = try await post.signUp("one@example.com")
            let first = try #require(try await post.claim(instance: "a").first?["message"])
            let second = try #require(try await post.claim(instance: "b").first?["message"])
            #expect(first == second)
            // Only a sandbox may see the code apart from its text.
            #expect(first["code"] == nil)
        }
    }
}
