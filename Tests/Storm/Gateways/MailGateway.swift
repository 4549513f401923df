import Clocks
import Glibc
import TestSupport

/// A mail server on loopback that records what it takes, and fails as the weather says.
enum MailGateway {
    /// Listens, and returns the port.
    static func open(_ name: String, _ record: GatewayRecord, _ weather: Weather, seed: UInt64) throws -> UInt16 {
        try Wire(isDead: weather.mood(of: name).isDead) { stream, number in
            var generator = SeededGenerator(seed: seed &+ UInt64(number))
            guard !weather.mood(of: name).isDead, stream.send("220 storm ESMTP\r\n") else { return }
            var to = ""
            // The first begins with the connection.
            var begun: Int64? = weather.wall
            while let line = stream.line() {
                switch line.prefix(4).uppercased() {
                case "EHLO": stream.send("250-storm\r\n250-PIPELINING\r\n250 SIZE 10485760\r\n")
                case "MAIL":
                    begun = begun ?? weather.wall
                    stream.send("250 ok\r\n")
                case "RCPT":
                    to = String(line.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" })
                    stream.send("250 ok\r\n")
                case "DATA":
                    guard stream.send("354 go\r\n"), let mail = content(stream) else { return }
                    let fate = Fate.draw(weather.mood(of: name), using: &generator)
                    record.arrived(mail.key, at: name)
                    let take = GatewayRecord.Take(
                        gateway: name,
                        key: mail.key,
                        to: to,
                        code: mail.code,
                        boot: SystemTime.machine.boot().milliseconds,
                        wall: weather.wall,
                        begun: begun ?? weather.wall
                    )
                    begun = nil
                    let answer = serve(fate, take, record, half: number)
                    record.answered(mail.key, isOdd: answer == nil)
                    guard let answer, stream.send(answer) else { return }
                case "QUIT":
                    stream.send("221 bye\r\n")
                    return
                default: stream.send("250 ok\r\n")
                }
            }
        }.port
    }

    /// Returns the answer, `nil` where it closes without one.
    private static func serve(_ fate: Fate, _ take: GatewayRecord.Take, _ record: GatewayRecord, half: Int) -> String? {
        switch fate {
        case .take:
            record.took(take)
            Waves.wait(half: half)
            return "250 taken\r\n"
        case .takeAndReset:
            record.took(take)
            return nil
        case .takeAndSleep:
            record.took(take)
            usleep(useconds_t(StormTerms.gatewayTimeout + 500) * 1000)
            return nil
        case .reset: return nil
        case .refuse: return "550 no\r\n"
        case .retry: return "450 later\r\n"
        }
    }

    /// Reads to the final dot: the delivery that the Message-ID names, and the code that the subject begins with.
    private static func content(_ stream: WireStream) -> (key: String, code: String)? {
        var (key, code) = ("", "")
        while let line = stream.line() {
            if line == "." { return (key, code) }
            if key.isEmpty, line.hasPrefix("Message-ID: <dl_") { key = String(line.dropFirst(16).prefix(32)) }
            if code.isEmpty, line.hasPrefix("Subject: ") { code = String(line.dropFirst(9).prefix { $0.isNumber }) }
        }
        return nil
    }
}
