import Foundation
import JSON
import SMTPSink
import Testing

/// What no file, log or answer may hold: people, codes, and what applications bring.
@Suite("A planted person", .timeLimit(.minutes(12)))
struct CanaryTests {
    private static let local = "canary.bird"
    private static let name = "Kanarienvogel"
    private static let digits = "2015550143"
    private static let formerDigits = "2015550187"
    private static let former = "yellow.feather"
    private static let subject = "user-canary-7231"
    private static let network = "203.0.113.177"
    private static let ownCode = "OWN-CANARY-CODE"
    private static let device = "Canary Browser"
    private static let link = "https://app.example.com/cage-4711"
    private static let session = "session-canary"
    private static let phone = "+1" + digits
    private static let email = local + "@example.com"

    private static let planted = [
        local, name, digits, "201-555-0143", formerDigits, former, subject, network, ownCode, device, "cage-4711",
        session,
    ]

    /// What a walk has come to know: the codes that were sent, and every answer.
    private final class Findings {
        var codes: [String] = []
        var answers: [(what: String, text: String)] = []
        /// The ids of refused events, which can be asked for.
        var refusals: [String] = []
        let post: Installation

        init(_ post: Installation) {
            self.post = post
        }

        @discardableResult
        func call(
            _ method: String,
            _ path: String,
            _ body: JSONValue? = nil,
            type: String = "application/json"
        ) async throws -> Installation.Answer {
            let answer = try await post.call(method, path, body, type: type)
            let headers = answer.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
            let text = headers + String(decoding: answer.body.serialized(), as: UTF8.self)
            answers.append(("\(method) \(path)", text))
            if let id = answer.body["instance"]?.string { refusals.append(id) }
            return answer
        }

        func emit(_ type: String, _ data: JSONObject) async throws -> JSONValue {
            let event = Installation.envelope(type, data).object.map { event in
                var event = event
                event["subject"] = .string(CanaryTests.subject)
                return JSONValue.object(event)
            }
            return try await call("POST", "/v1/events", event, type: "application/cloudevents+json").body
        }

        func run(_ words: String...) async throws {
            let run = try await post.run("gatepost", words)
            answers.append((words.joined(separator: " "), run.output + run.complaint))
        }
    }

    private static func settings(mail: UInt16, sms: UInt16) -> InstallationSettings {
        let purposes = ["sign_up", "recovery", "mfa", "attribute_change", "invitation"]
        var text = TextSettings()
        // Ten digits are met by chance in no file.
        text.tables =
            purposes.map { "[purposes.\($0)]\ndigits = 10" } + [InstallationSettings.gateway("mail", port: mail)]
        text.lines += "\nrefused = [400]"
        var settings = text.installation(port: sms)
        settings.tables = settings.tables.map { table in
            table.replacing("name = \"default\"", with: "name = \"default\"\nlinks = [\"https://app.example.com/\"]")
        }
        settings.limits = """
            limits = [
              { name = "few", scope = "ip", rate = "8/1h" }, { name = "tries", scope = "ip", rate = "6/1h", on = "verify" },
              { name = "each", scope = "recipient", rate = "100/1h" }, { name = "account", scope = "subject", rate = "90/1h" }
            ]
            """
        return settings
    }

    @Test("stands in no database, log, error, metric and answer after a full walk, and neither does a code")
    func isNowhere() async throws {
        let sink = try SMTPSink(
            script: SinkScript(rules: [
                SinkRule(.recipient, .replyFirst("451 4.7.1 <\(CanaryTests.email)> try later, \(CanaryTests.name)"))
            ])
        )
        let peer = try SMSGatewayPeer(react: { request in
            // A gateway that repeats what it was given.
            request.number % 2 == 0
                ? .answer(400, #"{"code":"21211","message":"\#(request.to) is not valid: \#(request.text)"}"#) : .take
        })
        defer { peer.stop() }
        let settings = CanaryTests.settings(mail: sink.port, sms: peer.port)
        try await Installation.make(settings) { post in
            try Data(TextSettings().priceFile.utf8).write(to: URL(filePath: post.path(TextSettings.priceFileName)))
            let up = try await post.up()
            let findings = Findings(post)
            try await walk(findings, post, sink, peer)
            try await eventually("refused events on disk") { try post.refusals() >= findings.refusals.count }
            up.kill()
            await up.exitCode()
            let server = try await post.server()
            try await read(findings, post)
            server.kill()
            await server.exitCode()
            #expect(findings.codes.count >= 4, "\(findings.codes.count) codes were seen")
            let secrets = CanaryTests.planted + findings.codes
            for (what, text) in findings.answers {
                for secret in secrets where text.contains(secret) { Issue.record("\(what) tells \(secret)") }
            }
            let files = try FileManager.default.subpathsOfDirectory(atPath: post.path(""))
            #expect(files.contains("data/gatepost.db") && files.contains("data/gatepost.db-wal"))
            for file in files {
                for secret in secrets where fileContains(post.path(file), secret) {
                    Issue.record("\(file) holds \(secret)")
                }
            }
        }
    }

    private func walk(
        _ findings: Findings,
        _ post: Installation,
        _ sink: SMTPSink,
        _ peer: SMSGatewayPeer
    ) async throws {
        let person: JSONObject = [
            "email": .string(CanaryTests.email), "phone": .string(CanaryTests.phone), "name": .string(CanaryTests.name),
            "ip": .string(CanaryTests.network), "session": .string(CanaryTests.session),
            "template_data": ["device": .string(CanaryTests.device)],
        ]
        func with(_ more: JSONObject) -> JSONObject {
            var data = person
            for member in more.members { data[member.name] = member.value }
            return data
        }
        let signUp = try await findings.emit("sign_up", with(["link": .string(CanaryTests.link)]))
        // Odd ones are taken, even ones refused in the gateway's own words.
        _ = try await findings.emit("mfa", with(["channels": ["sms"]]))
        _ = try await findings.emit("recovery", with(["channels": ["sms"]]))
        let change: JSONObject = [
            "previous_email": .string(CanaryTests.former + "@example.com"),
            "previous_phone": .string("+1" + CanaryTests.formerDigits), "channels": ["email"],
        ]
        _ = try await findings.emit("attribute_change", with(change))
        let own: JSONObject = [
            "code": .string(CanaryTests.ownCode), "expires_at": "2100-01-01T00:00:00Z", "channels": ["email"],
        ]
        _ = try await findings.emit("invitation", with(own))
        try await post.rest(of: "email")
        try await post.rest(of: "sms")
        for mail in sink.mails { if let code = ReceivedMail(mail).code(digits: 10) { findings.codes.append(code) } }
        findings.codes += peer.requests.map(\.code)
        findings.codes = findings.codes.filter { $0.count == 10 }
        let challenge = signUp["challenge"]?["id"]?.string ?? ""
        for code in ["0000000000"] + findings.codes.prefix(1) {
            let body: JSONValue = [
                "code": .string(code), "ip": .string(CanaryTests.network), "session": .string(CanaryTests.session),
            ]
            let answer = try await post.call("POST", "/v1/challenges/\(challenge)/verify", body)
            // It tells the application its own subject, and nothing else.
            #expect(answer.body["subject"] == nil || answer.body["subject"] == .string(CanaryTests.subject))
        }
        try await offend(findings, person)
    }

    /// What is refused, each with a person in it.
    private func offend(_ findings: Findings, _ person: JSONObject) async throws {
        for _ in 1...6 { _ = try await findings.emit("recovery", person) }
        for member in person.members {
            var data = person
            data[member.name] = .string("\(CanaryTests.email) \(CanaryTests.name) \n\(CanaryTests.phone)")
            _ = try await findings.emit("sign_up", data)
        }
        var unknown = person
        unknown[CanaryTests.name] = .string(CanaryTests.email)
        let suppressed: JSONValue = ["email": .string(CanaryTests.email), "reason": "bounced"]
        try await findings.call("POST", "/v1/suppressions", suppressed)
        try await findings.call("POST", "/v1/holds", ["scope": "prefix", "value": "+1", "reason": "pumping"])
        _ = try await findings.emit("invitation", person)
        // The answer to it names the member that is not known; what is kept of it does not.
        let answer = try await findings.post.submit(Installation.envelope("sign_up", unknown))
        findings.refusals.append(answer.body["instance"]?.string ?? "none")
        for body in [
            ["purpose": "recovery", "email": .string(CanaryTests.email), "code": "1234567890"],
            ["purpose": "mfa", "phone": .string(CanaryTests.phone), "code": .string(CanaryTests.phone)],
            ["purpose": "mfa", "phone": .string(CanaryTests.phone + CanaryTests.name), "code": "1"],
        ] as [JSONValue] {
            for _ in 1...4 { try await findings.call("POST", "/v1/verify", body) }
        }
    }

    /// Everything that can be read.
    private func read(_ findings: Findings, _ post: Installation) async throws {
        let list = try await findings.call("GET", "/v1/deliveries?limit=1000").body["items"]?.array ?? []
        #expect(list.count >= 6)
        for id in list.compactMap({ $0["id"]?.string }) {
            try await findings.call("GET", "/v1/deliveries/\(id)")
            #expect(try await findings.call("GET", "/v1/deliveries/\(id)/explain").status == 200)
            try await findings.run("show", id)
            try await findings.run("explain", id)
        }
        #expect(findings.refusals.count >= 12)
        for id in findings.refusals {
            #expect(try await findings.call("GET", "/v1/deliveries/\(id)/explain").status == 200)
            try await findings.run("explain", id)
        }
        for id in Set(list.compactMap { $0["challenge"]?.string }) {
            try await findings.call("GET", "/v1/challenges/\(id)")
        }
        for path in [
            "/v1/status", "/v1/spend?group_by=country,tenant,purpose,gateway,day", "/v1/ledger", "/v1/suppressions",
            "/v1/holds", "/v1/tokens", "/metrics", "/v1/sandbox",
        ] {
            try await findings.call("GET", path)
        }
        try await findings.run("status")
        try await findings.run("list")
        try await findings.run("ledger", "verify")
    }
}
