import Carrier
import Deliveries
import EmailGateways
import Testing
import Transfer

@Suite("The end of a mail's dialogue")
struct HandOverTests {
    struct Line: Sendable, CustomTestStringConvertible {
        var name: String
        var result: MailResult
        var expected: HandOver
        var testDescription: String { name }
    }

    private static let busy = SMTPReply(code: 451, text: "4.7.1 Later")
    private static let never = SMTPReply(code: 550, text: "5.1.1 Nobody here")
    private static let broken = MailFailure(step: .endOfData, reason: "The connection broke.")

    static let table = [
        Line(
            name: "taken",
            result: .accepted(SMTPReply(code: 250, text: "2.0.0 Ok q7")),
            expected: HandOver(.accepted, gatewayReference: "2.0.0 Ok q7", code: "250")
        ),
        Line(
            name: "refused for now",
            result: .refused(busy, at: .recipient),
            expected: HandOver(.retry, code: "451", detail: "RCPT: 4.7.1 Later")
        ),
        Line(
            name: "refused because the gateway's settings lack TLS",
            result: .refused(SMTPReply(code: 530, text: "Must issue a STARTTLS command first"), at: .sender),
            expected: HandOver(.retry, code: "unreachable", detail: "MAIL: 530 Must issue a STARTTLS command first")
        ),
        Line(
            name: "refused for good",
            result: .refused(never, at: .endOfData),
            expected: HandOver(.refused, code: "550", detail: "end of data: 5.1.1 Nobody here")
        ),
        Line(
            name: "no server",
            result: .unreachable(MailFailure(step: nil, reason: "Connection refused.")),
            expected: HandOver(.retry, code: "unreachable", detail: "Connection refused.")
        ),
        Line(
            name: "no greeting",
            result: .unreachable(MailFailure(step: .greeting, reply: busy, reason: "Not now.")),
            expected: HandOver(.retry, code: "unreachable", detail: "greeting: Not now. (451 4.7.1 Later)")
        ),
        Line(
            name: "broken before 354",
            result: .interrupted(MailFailure(step: .data, reason: "Silent.")),
            expected: HandOver(.retry, code: "interrupted", detail: "DATA: Silent.")
        ),
        Line(
            name: "broken after 354",
            result: .unknown(broken),
            expected: HandOver(.unknown, code: "no_answer", detail: "end of data: The connection broke.")
        ),
        Line(
            name: "a gateway that cannot be spoken to",
            result: .invalid(.server),
            expected: HandOver(
                .retry,
                code: "unreachable",
                detail: "the gateway's url or certificates cannot be used"
            )
        ),
        Line(
            name: "a header that cannot be sent",
            result: .invalid(.header("Subject")),
            expected: HandOver(.refused, code: "invalid_message", detail: "header Subject")
        ),
        Line(
            name: "an address that cannot be sent",
            result: .invalid(.recipient),
            expected: HandOver(.refused, code: "invalid_address", detail: InvalidMail.recipient.description)
        ),
        Line(
            name: "an address that this server does not take",
            result: .invalid(.addressNeedsSMTPUTF8),
            expected: HandOver(
                .refused,
                code: "invalid_address",
                detail: InvalidMail.addressNeedsSMTPUTF8.description
            )
        ),
        Line(name: "given up before 354", result: .cancelled, expected: HandOver(.released)),
    ]

    @Test("means for the delivery what the table says", arguments: table)
    func maps(line: Line) {
        #expect(HandOver(line.result) == line.expected)
    }

    @Test("counts as a try only where a server was met", arguments: table)
    func counts(line: Line) {
        let handOver = HandOver(line.result)
        let metNobody = handOver.outcome == .released || handOver.code == Outcome.unreachableCode
        #expect(handOver.outcome.counts(code: handOver.code) == !metNobody)
    }
}
