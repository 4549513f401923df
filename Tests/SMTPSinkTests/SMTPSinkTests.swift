import Glibc
import Testing

@testable import SMTPSink

@Suite("The mail sink")
struct SMTPSinkTests {
    @Test("a mail is kept with envelope, connection and undoubled dots")
    func keeps() async throws {
        let sink = try SMTPSink()
        let client = try Client(sink.port)
        #expect(client.line() == "220 sink ready")
        client.say("EHLO me\r\n")
        let announced = (1...5).map { _ in client.line() }
        #expect(announced.last == "250 ENHANCEDSTATUSCODES")
        client.say("MAIL FROM:<a@x> SIZE=7\r\nRCPT TO:<b@y>\r\nRCPT TO:<c@y>\r\nDATA\r\n")
        #expect((1...4).map { _ in client.line().prefix(3) } == ["250", "250", "250", "354"])
        client.say("..\r\n...x\r\n.\r\nQUIT\r\n")
        #expect(client.line().hasPrefix("250"))
        #expect(client.line().hasPrefix("221"))
        #expect(client.line() == "")
        let mail = SinkMail(
            number: 1,
            connection: 1,
            from: "a@x",
            parameters: "SIZE=7",
            recipients: ["b@y", "c@y"],
            data: Array(".\r\n..x\r\n".utf8)
        )
        #expect(sink.mails == [mail])
        #expect(sink.counters == SinkCounters(connections: 1, farewells: 1, taken: 1, refused: 0))
        await sink.stop()
    }

    @Test("a mail is the same whatever pieces it comes in", arguments: 1...12)
    func pieces(size: Int) async throws {
        let sink = try SMTPSink()
        let client = try Client(sink.port)
        let text = Array("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\none\r\n\r.\n.\n\r\n.\r\nRSET\r\n".utf8)
        for start in stride(from: 0, to: text.count, by: size) {
            client.say(String(decoding: text[start..<min(start + size, text.count)], as: UTF8.self))
        }
        #expect((1...6).map { _ in client.line().prefix(3) } == ["220", "250", "250", "354", "250", "250"])
        #expect(sink.mails.map(\.data) == [Array("one\r\n\r.\n\n\r\n".utf8)])
        await sink.stop()
    }

    @Test("an empty mail is a mail")
    func empty() async throws {
        let sink = try SMTPSink()
        let client = try Client(sink.port)
        client.say("MAIL FROM:<>\r\nRCPT TO:<b@y>\r\nDATA\r\n.\r\n")
        #expect(try await sink.mails(count: 1, within: .seconds(60)).map(\.data) == [[]])
        await sink.stop()
    }

    @Test(
        "commands out of order are refused",
        arguments: [
            ("RCPT TO:<a@x>", "503"), ("DATA", "503"), ("MAIL FROM:<a@x>\r\nDATA", "503"),
            ("MAIL FROM:<a@x>\r\nMAIL FROM:<a@x>", "503"), ("WHAT", "500"),
        ]
    )
    func order(commands: String, code: String) async throws {
        let sink = try SMTPSink()
        let client = try Client(sink.port)
        client.say(commands + "\r\nQUIT\r\n")
        let replies = client.lines()
        #expect(replies.dropLast().last?.hasPrefix(code) == true)
        #expect(sink.counters.refused == 1)
        await sink.stop()
    }

    @Test("a delayed reply comes late, and what follows it after")
    func delay() async throws {
        let rule = SinkRule(.sender, .delay(.milliseconds(50)))
        let sink = try SMTPSink(script: SinkScript(rules: [rule]))
        let client = try Client(sink.port)
        let start = ContinuousClock.now
        client.say("MAIL FROM:<a@x>\r\nNOOP\r\n")
        #expect((1...3).map { _ in client.line().prefix(3) } == ["220", "250", "250"])
        #expect(ContinuousClock.now - start >= .milliseconds(50))
        await sink.stop()
    }

    @Test("a rule may fit one connection, one mail or one recipient only")
    func conditions() async throws {
        let rules = [
            SinkRule(.greeting, .reply("421 busy"), when: .connection(1)),
            SinkRule(.sender, .reply("451 wait"), when: .mail(2)),
            SinkRule(.recipient, .reply("550 nobody"), when: .recipient("nobody")),
            SinkRule(.recipient, .replyFirst("451 grey")),
        ]
        let sink = try SMTPSink(script: SinkScript(rules: rules))
        #expect(try Client(sink.port).lines() == ["421 busy"])
        let client = try Client(sink.port)
        client.say("MAIL FROM:<a@x>\r\nRSET\r\nMAIL FROM:<a@x>\r\nMAIL FROM:<a@x>\r\n")
        client.say("RCPT TO:<nobody@x>\r\nRCPT TO:<b@x>\r\nRCPT TO:<b@x>\r\nQUIT\r\n")
        #expect(client.lines().map { $0.prefix(3) } == ["220", "250", "250", "451", "250", "550", "451", "250", "221"])
        await sink.stop()
    }

    @Test("a sink that only counts keeps nothing")
    func counts() async throws {
        let sink = try SMTPSink(keeping: 0)
        let client = try Client(sink.port)
        client.say("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n")
        _ = client.lines()
        #expect(sink.counters.taken == 1)
        #expect(sink.mails.isEmpty && sink.commands.isEmpty)
        await sink.stop()
    }

    @Test("waiting for a mail that does not come ends with the time")
    func waiting() async throws {
        let sink = try SMTPSink()
        await #expect(throws: SinkError.fewerMails(expected: 1, taken: 0)) {
            try await sink.mails(count: 1, within: .milliseconds(10))
        }
        await #expect(throws: SinkError.noCommand("DATA")) {
            try await sink.command(containing: "DATA", within: .milliseconds(10))
        }
        await sink.stop()
    }

    @Test("a port in use is an error that names the call")
    func portInUse() async throws {
        let sink = try SMTPSink()
        #expect(throws: SinkError.socket(call: "bind", errno: EADDRINUSE)) { try SMTPSink(port: sink.port) }
        await sink.stop()
    }

    @Test("after stopping, twice or once, nobody listens and connections are closed")
    func stopping() async throws {
        let sink = try SMTPSink()
        let client = try Client(sink.port)
        #expect(client.line() == "220 sink ready")
        await sink.stop()
        await sink.stop()
        #expect(client.line() == "")
        #expect(throws: Client.Refused.self) { try Client(sink.port) }
    }
}

/// A blocking connection for tests.
private final class Client {
    struct Refused: Error {}

    private let handle: Int32
    private var input: [UInt8] = []

    init(_ port: UInt16) throws {
        handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr = in_addr(s_addr: INADDR_LOOPBACK.bigEndian)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Refused() }
    }

    deinit { close(handle) }

    func say(_ text: String) {
        var text = text
        _ = text.withUTF8 { send(handle, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// The next line without its end, or "" at the end of the connection.
    func line() -> String {
        while true {
            if let end = input.firstIndex(of: 0x0A) {
                defer { input.removeFirst(end + 1) }
                return String(decoding: input[..<end].filter { $0 != 0x0D }, as: UTF8.self)
            }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = recv(handle, &buffer, buffer.count, 0)
            guard count > 0 else { return "" }
            input.append(contentsOf: buffer[..<count])
        }
    }

    /// All lines until the connection ends.
    func lines() -> [String] {
        var lines: [String] = []
        while true {
            let line = line()
            guard !line.isEmpty else { return lines }
            lines.append(line)
        }
    }
}
