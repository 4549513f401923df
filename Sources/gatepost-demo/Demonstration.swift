import Configuration
import Foundation
import JSON
import Processes
import SMTPSink

/// The main job, once, on real programs: events in, mails out through SMTP and the sandbox, codes checked.
enum Demonstration {
    /// Returns the exit code: 0 only if all of it held.
    static func run(stays: Bool) async -> Int32 {
        let signals = EndSignals()
        let folder = FileManager.default.currentDirectoryPath + "/.build/demo"
        do {
            let sink = try SMTPSink()
            let installation = try Installation(folder: folder)
            say("A new installation in \(folder), with a mail server of our own on port \(sink.port):")
            try await installation.initialize()
            try settings(installation.settings, sinkPort: sink.port)
            let (up, url) = try await installation.up()
            do {
                try await walk(installation, url: url, sink: sink)
            } catch {
                up.terminate()
                _ = await up.exitCode()
                throw error
            }
            if stays {
                say(
                    "\nIt stays up until Ctrl-C. API \(url); try: .build/release/gatepost status --config \(installation.settings)"
                )
                await signals.wait()
            }
            up.terminate()
            let code = await up.exitCode()
            await sink.stop()
            try expect(code == 0, "up ends in order")
            say("\nAll of it held.")
            return 0
        } catch {
            say("\nFAILED: \(error)")
            return 1
        }
    }

    /// Two tenants' worth of gateways: the real one first in its route, short lives for the purpose of the demonstration.
    private static func settings(_ path: String, sinkPort: UInt16) throws {
        let text = """
            [server]
            listen = "127.0.0.1:0"
            [sandbox]
            enabled = true
            [[tenants]]
            name = "default"
            links = ["https://app.example.com/"]
            brand = { name = "Cruddur", domain = "cruddur.example" }
            [purposes.sign_up]
            minimum_life = "1s"
            [[gateways]]
            name = "mail-main"
            channel = "email"
            kind = "smtp"
            url = "smtp://127.0.0.1:\(sinkPort)"
            [[gateways]]
            name = "sandbox-email"
            channel = "email"
            kind = "sandbox"
            [[routes]]
            channel = "email"
            gateways = ["mail-main"]

            """
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    private static func walk(_ installation: Installation, url: String, sink: SMTPSink) async throws {
        let token = try await installation.gatepost("token", "create", "--scope", "events,codes,read").text
        say("\nAn application posts auth.sign_up; the mail leaves through SMTP:")
        let event = signUp(id: "demo-1", email: "bobby@example.com")
        let accepted = try await installation.call(
            "POST",
            url + "/v1/events",
            token: token,
            event,
            type: "application/cloudevents+json"
        )
        try expect(accepted.status == 202, "202: the event is durable")
        let again = try await installation.call(
            "POST",
            url + "/v1/events",
            token: token,
            event,
            type: "application/cloudevents+json"
        )
        try expect(again.status == 200 && again.body["status"] == "duplicate", "the same event again changes nothing")
        guard let mail = try await sink.mails(count: 1, within: .seconds(20)).first else {
            throw Disappointment("no mail came")
        }
        let text = String(decoding: mail.data, as: UTF8.self)
        try expect(mail.recipients == ["bobby@example.com"], "the mail goes to the person")
        guard let code = code(in: text), let challenge = accepted.body["challenge"]?["id"]?.string else {
            throw Disappointment("the mail has no code")
        }
        say("  ok  the mail holds a code of \(code.count) digits")
        try await check(installation, url: url, token: token, challenge: challenge, code: code)
        try await refuse(installation, url: url, token: token)
        try await resend(installation, url: url, token: token, sink: sink)
        let status = try await installation.gatepost("status")
        say("\n" + status.text)
        try expect(status.code == 0, "status answers")
    }

    private static func check(
        _ installation: Installation,
        url: String,
        token: String,
        challenge: String,
        code: String
    ) async throws {
        say("\nThe code is checked:")
        let path = url + "/v1/challenges/\(challenge)/verify"
        func verify(_ code: String, key: String? = nil) async throws -> (status: Int, body: JSONValue) {
            try await installation.call("POST", path, token: token, ["code": .string(code)], key: key)
        }
        let wrong = try await verify(code == "000000" ? "000001" : "000000")
        try expect(wrong.status == 422 && wrong.body["tries_left"] == 4, "a wrong code is refused and costs a try")
        let right = try await verify(code, key: "k-1")
        try expect(right.status == 200 && right.body["subject"] == "user-7231", "the right code is verified")
        let repeated = try await verify(code, key: "k-1")
        try expect(repeated.body["repeated"] == true, "the same request again answers the same")
        try expect(try await verify(code).status == 409, "a second use is refused")
    }

    private static func refuse(_ installation: Installation, url: String, token: String) async throws {
        say("\nWhat is not right is refused:")
        var bad = signUp(id: "demo-2", email: "not an address")
        let refused = try await installation.call(
            "POST",
            url + "/v1/events",
            token: token,
            bad,
            type: "application/cloudevents+json"
        )
        try expect(
            refused.status == 422 && refused.body["pointer"] == "/data/email",
            "a bad address, named by its JSON Pointer"
        )
        bad = signUp(id: "demo-1", email: "carol@example.com")
        let conflict = try await installation.call(
            "POST",
            url + "/v1/events",
            token: token,
            bad,
            type: "application/cloudevents+json"
        )
        try expect(conflict.status == 409, "another content under the same id is a conflict")
    }

    /// A resend while the code is young, and a code that has expired.
    private static func resend(
        _ installation: Installation,
        url: String,
        token: String,
        sink: SMTPSink
    ) async throws {
        say("\nA person asks again; later the code has expired:")
        let first = signUp(id: "demo-3", email: "dora@example.com", ttl: "4s")
        let second = signUp(id: "demo-4", email: "dora@example.com", ttl: "4s")
        var challenges: [String] = []
        for (index, event) in [first, second].enumerated() {
            // The mail before must have left: what is still unsent gives way to a resend.
            _ = try await sink.mails(count: index + 1, within: .seconds(20))
            let answer = try await installation.call(
                "POST",
                url + "/v1/events",
                token: token,
                event,
                type: "application/cloudevents+json"
            )
            challenges.append(answer.body["challenge"]?["id"]?.string ?? "")
        }
        try expect(challenges[0] == challenges[1], "a resend is the same challenge")
        let mails = try await sink.mails(count: 3, within: .seconds(20)).dropFirst(1)
        let codes = Set(mails.compactMap { code(in: String(decoding: $0.data, as: UTF8.self)) })
        try expect(codes.count == 1, "and the same code while it is young")
        let path = url + "/v1/challenges/" + challenges[0]
        for _ in 0..<100 {
            let state = try await installation.call("GET", path, token: token).body["state"]
            if state == "expired" { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        let late = try await installation.call(
            "POST",
            path + "/verify",
            token: token,
            ["code": .string(codes.first ?? "")]
        )
        try expect(late.status == 410, "an expired code is refused as such")
    }

    private static func signUp(id: String, email: String, ttl: String? = nil) -> JSONValue {
        var data: JSONObject = ["email": .string(email), "name": "Bobby", "locale": "en-GB"]
        if let ttl { data["ttl"] = .string(ttl) }
        return [
            "specversion": "1.0", "id": .string(id), "source": "/demo", "type": "auth.sign_up", "subject": "user-7231",
            "data": .object(data),
        ]
    }

    /// The digits that stand alone on a line of the text part.
    private static func code(in mail: String) -> String? {
        for line in mail.split(whereSeparator: \.isNewline) {
            let word = line.drop { $0 == " " }
            if word.count == 6, word.allSatisfy({ $0.isASCII && $0.isNumber }) { return String(word) }
        }
        return nil
    }

    private static func expect(_ holds: Bool, _ sentence: String) throws {
        guard holds else { throw Disappointment(sentence) }
        say("  ok  \(sentence)")
    }
}
