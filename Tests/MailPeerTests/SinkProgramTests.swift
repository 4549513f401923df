import Carrier
import Deliveries
import EmailGateways
import TestSupport
import Testing
import Transfer

@Suite(
    "Mails to smtp-sink",
    .enabled(if: SinkProgram.isInstalled, "Debian's package postfix has smtp-sink; `.ci/setup test` installs it."),
    .timeLimit(.minutes(12))
)
struct SinkProgramTests {
    /// An `smtp-sink` that misbehaves, and what is to become of the mail.
    struct Fault: Sendable, CustomTestStringConvertible {
        var options: [String]
        var outcome: Outcome
        var code: String
        var detail: String
        var timeout = Duration.seconds(30)

        init(_ options: String..., means outcome: Outcome, _ code: String, _ detail: String, within: Duration? = nil) {
            (self.options, self.outcome, self.code, self.detail) = (options, outcome, code, detail)
            if let within { timeout = within }
        }

        var testDescription: String { "smtp-sink " + options.joined(separator: " ") }
    }

    static let faults = [
        // No with 5xx.
        Fault("-f", "CONNECT", means: .retry, "unreachable", "greeting: "),
        Fault("-f", "EHLO HELO", means: .retry, "unreachable", "EHLO: "),
        Fault("-f", "MAIL", means: .refused, "500", "MAIL: 5.3.0 "),
        Fault("-f", "RCPT", means: .refused, "500", "RCPT: 5.3.0 "),
        Fault("-f", "DATA", means: .refused, "500", "DATA: 5.3.0 "),
        Fault("-f", ".", means: .refused, "500", "end of data: 5.3.0 "),
        // No with 4xx.
        Fault("-r", "CONNECT", means: .retry, "unreachable", "greeting: "),
        Fault("-r", "MAIL", means: .retry, "450", "MAIL: 4.3.0 "),
        Fault("-r", "RCPT", means: .retry, "450", "RCPT: 4.3.0 "),
        Fault("-r", "DATA", means: .retry, "450", "DATA: 4.3.0 "),
        Fault("-r", ".", means: .retry, "450", "end of data: 4.3.0 "),
        // An end with 421.
        Fault("-Q", "CONNECT", means: .retry, "unreachable", "greeting: "),
        Fault("-Q", "MAIL", means: .retry, "421", "MAIL: 4."),
        Fault("-Q", "RCPT", means: .retry, "421", "RCPT: 4."),
        Fault("-Q", "DATA", means: .retry, "421", "DATA: 4."),
        Fault("-Q", ".", means: .retry, "421", "end of data: 4."),
        // An end without a word.
        Fault("-q", "CONNECT", means: .retry, "unreachable", "greeting: "),
        Fault("-q", "EHLO", means: .retry, "unreachable", "EHLO: "),
        Fault("-q", "MAIL", means: .retry, "interrupted", "MAIL: "),
        Fault("-q", "RCPT", means: .retry, "interrupted", "RCPT: "),
        Fault("-q", "DATA", means: .retry, "interrupted", "DATA: "),
        Fault("-q", ".", means: .unknown, "no_answer", "end of data: "),
        // Silence.
        Fault("-p", "-W", "DATA:60", means: .retry, "interrupted", "DATA: ", within: .seconds(10)),
        Fault("-W", ".:60", means: .unknown, "no_answer", "end of data: ", within: .seconds(10)),
    ]

    private func handOver(_ claim: Claim, to sink: SinkProgram) async -> HandOver {
        let transfers = Transfers()
        let handOver = await SMTPGateway(sink.server, transfers: transfers, time: ManualTime()).handOver(claim)
        await transfers.shutdown()
        return handOver
    }

    @Test("end as its fault demands, with its reply where it gave one", arguments: faults)
    func ends(fault: Fault) async throws {
        try await SinkProgram.run(fault.options) { sink in
            let handOver = await handOver(.letter(timeout: fault.timeout), to: sink)
            #expect(handOver.outcome == fault.outcome)
            #expect(handOver.code == fault.code)
            #expect(handOver.detail?.hasPrefix(fault.detail) == true, "\(handOver.detail ?? "nothing")")
            // What was not accepted must not be said to have been, and what failed is not tried again in secret.
            #expect(sink.lines.count { $0 == "." } <= 1)
            #expect(sink.connections == 1)
        }
    }
}

extension SinkProgramTests {
    @Test(
        "are taken once each, two hundred of them, four at a time over at most four connections",
        arguments: [[], ["-p"], ["-8", "-a", "-N", "-C", "-F"], ["-h", "other.example", "-e"]]
    )
    func many(options: [String]) async throws {
        try await SinkProgram.run(options) { sink in
            let transfers = Transfers()
            let gateway = SMTPGateway(sink.server, transfers: transfers, time: ManualTime())
            let outcomes = await withTaskGroup { group in
                for lane in 0..<4 {
                    group.addTask {
                        var outcomes: [Outcome] = []
                        for number in lane * 50..<lane * 50 + 50 {
                            outcomes.append(await gateway.handOver(.letter(number: number)).outcome)
                        }
                        return outcomes
                    }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            #expect(outcomes == Array(repeating: .accepted, count: 200))
            #expect(sink.connections <= 4)
            let names = try sink.mails.compactMap { mail in
                mail.split(separator: "\n").first { $0.hasPrefix("Message-ID: ") }.map(String.init)
            }
            #expect(Set(names) == Set((0..<200).map { "Message-ID: <letter.\($0)@example.com>" }))
            #expect(names.count == 200)
            await transfers.shutdown()
        }
    }
}
