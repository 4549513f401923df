import AuthEvents
import Clocks
import Deliveries
import Store

/// What tells readers how an unknown outcome goes on: the same settings that the writer goes by.
struct UnknownOutlook: Sendable {
    var routing = RoutingTable(gateways: [])
    var policy: @Sendable (Channel, Purpose) -> SendingPolicy = SendingPolicy.standard

    func uncertainty(
        of report: DeliveryReport,
        at place: Course.Place,
        until: Instant,
        asked: Int64,
        counted: Int64
    ) -> DeliveryReport.Uncertainty {
        let purpose = report.isPrevious ? .notice : report.purpose
        let terms = routing.terms(of: report.gateway)
        let unknown = terms?.unknownPolicy(for: purpose) ?? .standard(for: report.channel, purpose: purpose)
        let step: UnknownPolicy.Step = place == .waiting ? .awaitReceipt : .askGateway
        var word = unknown.word(behind: step, at: terms)
        let isPossible = policy(report.channel, purpose).isPossible(
            unknown.end,
            counted: counted,
            sendBefore: report.sendBefore,
            now: until
        )
        if word == unknown.end.rawValue, !isPossible { word = UnknownPolicy.End.giveUp.rawValue }
        return DeliveryReport.Uncertainty(step: step, then: word, until: until, asked: asked)
    }
}
