import Configuration
import Foundation
import Processes
import SMTPSink

/// The main job, once, on real programs: events in, mails and SMS out through SMTP, HTTP and the sandbox, codes checked,
/// money accounted for.
enum Demonstration {
    /// Returns the exit code: 0 only if all of it held.
    static func run(stays: Bool) async -> Int32 {
        let signals = EndSignals()
        let folder = FileManager.default.currentDirectoryPath + "/.build/demo"
        do {
            let mails = try SMTPSink()
            let texts = try SMSSink()
            let installation = try Installation(folder: folder)
            say("A new installation in \(folder), with a mail server on port \(mails.port)")
            say("and an SMS gateway at \(texts.url), both our own:")
            try await installation.initialize()
            try DemoSettings.write(in: folder, mailPort: mails.port, smsURL: texts.url)
            let (up, url) = try await installation.up()
            do {
                let token = try await installation.gatepost("token", "create", "--scope", "events,codes,read,sandbox")
                try expect(token.code == 0, "an application has its token")
                let walk = Walk(installation: installation, url: url, token: token.text, mails: mails, texts: texts)
                try await walk.mail()
                try await walk.text()
                try await walk.money()
                let status = try await installation.gatepost("status")
                say("\n" + status.text)
                try expect(status.code == 0, "status answers")
                if stays { await stay(installation, url, mails, texts, until: signals) }
            } catch {
                up.terminate()
                _ = await up.exitCode()
                throw error
            }
            up.terminate()
            let code = await up.exitCode()
            await mails.stop()
            await texts.stop()
            try expect(code == 0, "up ends in order")
            say("\nAll of it held.")
            return 0
        } catch {
            say("\nFAILED: \(error)")
            return 1
        }
    }

    private static func stay(
        _ installation: Installation,
        _ url: String,
        _ mails: SMTPSink,
        _ texts: SMSSink,
        until signals: EndSignals
    ) async {
        texts.listen { say("SMS by \($0.kind) to \($0.to): \($0.text.replacing("\n", with: " / "))") }
        let program = ".build/release/gatepost"
        say(
            """

            It stays up until Ctrl-C. API: \(url)
            Mails go to the mail server on port \(mails.port), which only takes them; SMS go to \(texts.url) and are shown here,
            those to the Bahamas to the sandbox.
            Try: \(program) status --config \(installation.settings)
                 \(program) emit mfa --phone +12015550123 --config \(installation.settings)
                 \(program) emit mfa --phone +12423591234 --config \(installation.settings)
                 \(program) sandbox show --config \(installation.settings)
                 \(program) spend --config \(installation.settings)
            """
        )
        await signals.wait()
    }
}

/// Says what held, or ends the demonstration.
func expect(_ holds: Bool, _ sentence: String) throws {
    guard holds else { throw Disappointment(sentence) }
    say("  ok  \(sentence)")
}
