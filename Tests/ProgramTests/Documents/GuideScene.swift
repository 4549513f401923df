import Foundation
import SMTPSink

/// What is there before the commands of a document: `<!-- scene: NAME -->`.
struct GuideScene {
    private let prepare: @Sendable (GuideStage) async throws -> Void

    func callAsFunction(_ stage: GuideStage) async throws { try await prepare(stage) }

    static let all: [String: GuideScene] = [
        "sandbox": sandbox,
        "server": server,
        "outage": outage,
        "login": login,
        "lost": lost,
    ]

    /// A new installation that is up; the reader is in its folder.
    private static let sandbox = GuideScene { stage in
        try await stage.initialize()
        try await stage.up()
    }

    /// A new installation whose server runs alone, so that nobody takes the messages.
    private static let server = GuideScene { stage in
        try await stage.initialize()
        try await stage.start("gatepost-server")
    }

    /// A mail server and a gateway for text messages, which knew no key until two messages were refused, and is repaired.
    ///
    /// One person got two mails.
    private static let outage = GuideScene { stage in
        let mails = try SMTPSink()
        let isRepaired = Latch()
        let texts = try SMSGatewayPeer(react: { _ in
            isRepaired.isOpen ? .take : .answer(401, #"{"message":"Authenticate"}"#)
        })
        stage.keep(mails, texts)
        try await stage.initialize()
        try stage.write(
            """
            limits = [{ name = "sms-per-number", scope = "recipient", channel = "sms", rate = "2/10m" }]

            [server]
            listen = "127.0.0.1:8440"

            [[tenants]]
            name = "default"
            brand = { name = "Gatepost" }

            [purposes.mfa]
            resend_waits = []

            [countries]
            allow = ["US", "BS"]

            [[gateways]]
            name = "mail"
            channel = "email"
            kind = "smtp"
            url = "smtp://127.0.0.1:\(mails.port)"

            [[gateways]]
            name = "sms-main"
            channel = "sms"
            kind = "http"
            url = "http://127.0.0.1:\(texts.port)/messages"
            secret = "sesame"
            headers = { Authorization = "Bearer {{secret}}" }
            body = '{"to":"{{to}}","text":"{{text}}"}'
            reference = "/sid"
            detail = "/message"

            """,
            to: "gatepost.toml"
        )
        try await stage.up()
        for number in ["(201) 555-0123", "(201) 555-0124"] {
            try await stage.run("gatepost emit mfa --phone '\(number)'")
        }
        for purpose in ["sign_up", "recovery"] {
            try await stage.run("gatepost emit \(purpose) --email bobby@example.com")
        }
        try await eventually("two deliveries that were refused") {
            try await stage.run("gatepost dead --reason refused").count == 3
        }
        isRepaired.open()
    }

    /// A mail server that takes no login.
    private static let login = GuideScene { stage in
        let refusal = SinkRule(.login, .reply("535 5.7.8 Authentication credentials invalid"))
        let mails = try SMTPSink(script: SinkScript(extensions: ["AUTH PLAIN LOGIN"], rules: [refusal]))
        stage.keep(mails)
        try await stage.initialize()
        try stage.write(
            """
            [[gateways]]
            name = "mail-main"
            channel = "email"
            kind = "smtp"
            url = "smtp://127.0.0.1:\(mails.port)"
            account = "gatepost"
            secret = "old-password"

            """,
            to: "gatepost.toml"
        )
        try await stage.up()
    }

    /// A gateway that takes text messages, answers nothing, and is asked about them in ten minutes.
    private static let lost = GuideScene { stage in
        let texts = try SMSGatewayPeer(react: { _ in .takeAndClose })
        stage.keep(texts)
        try await stage.initialize()
        try stage.write(
            """
            [[tenants]]
            name = "default"
            brand = { name = "Gatepost" }

            [countries]
            allow = ["US"]

            [[gateways]]
            name = "sms-main"
            channel = "sms"
            kind = "http"
            url = "http://127.0.0.1:\(texts.port)/messages"
            timeout = "10s"
            body = '{"to":"{{to}}","text":"{{text}}","ref":"{{reference}}"}'
            unknown = ["ask_gateway", "give_up"]
            ask_pause = "10m"
            ask = { path = "/{{reference}}", accepted = ["/state=sent"], unknown = ["/state=unclear"] }

            """,
            to: "gatepost.toml"
        )
        try await stage.up()
    }
}

/// Where a scene is set: the reader's shell, and the peers that run in the test.
final class GuideStage {
    private let shell: GuideShell
    private var peers: [AnyObject] = []

    init(_ shell: GuideShell) {
        self.shell = shell
    }

    /// Holds peers until the document is done.
    func keep(_ peers: AnyObject...) { self.peers += peers }

    func end() {
        for case let peer as SMSGatewayPeer in peers { peer.stop() }
        peers = []
    }

    /// Runs a command that must succeed, and returns what it printed.
    @discardableResult
    func run(_ command: String) async throws -> [String] {
        let (start, code) = try await shell.run(command)
        let output = shell.output(since: start)
        guard code == 0 else { throw Disappointment("`\(command)` ended with \(code): \(output)") }
        return output
    }

    /// Makes an installation and goes to its folder; whatever ran before ends.
    func initialize() async throws {
        try await run("kill $(jobs -p) 2>/dev/null; wait; cd && rm -rf post && gatepost init post && cd post")
    }

    /// Writes a file of the installation.
    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: shell.home + "/post/" + name))
    }

    func up() async throws { try await start("gatepost up") }

    func start(_ command: String) async throws {
        try await run("\(command) > up.log 2>&1 &")
        try await eventually("an installation that is up", within: patience) {
            fileContains(shell.home + "/post/up.log", "\nready\n")
        }
    }
}
