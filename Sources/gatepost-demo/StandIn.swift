import Configuration
import Processes
import SMTPSink

/// A gateway on loopback that stands in for a real one until SIGTERM, and says what it takes.
enum StandIn {
    /// Takes every mail on a port, 0 for a free one.
    static func mailServer(port: UInt16) async throws {
        let signals = EndSignals()
        let server = try SMTPSink(port: port)
        say("listening smtp://127.0.0.1:\(server.port)")
        let telling = Task {
            var count = 0
            while !Task.isCancelled {
                // It ends with nothing in its time where no mail comes.
                let mails = (try? await server.mails(count: count + 1, within: .seconds(60))) ?? []
                for mail in mails.dropFirst(count) { say(line(of: mail)) }
                count = max(count, mails.count)
            }
        }
        await signals.wait()
        telling.cancel()
        await server.stop()
    }

    /// Takes every SMS that comes with the key.
    static func smsGateway(port: UInt16, key: String) async throws {
        let signals = EndSignals()
        let gateway = try SMSSink(port: port, key: key)
        gateway.listen { say("SMS to \($0.to): \($0.text.replacing("\n", with: " / "))") }
        say("listening \(gateway.url)")
        await signals.wait()
        await gateway.stop()
    }

    /// Whom a mail is for, and what its subject says.
    private static func line(of mail: SinkMail) -> String {
        let head = String(decoding: mail.data, as: UTF8.self).split(separator: "\r\n")
        let subject = head.first { $0.lowercased().hasPrefix("subject:") }?.dropFirst(8).drop { $0 == " " } ?? ""
        return "mail to \(mail.recipients.joined(separator: ", ")): \(subject)"
    }
}
