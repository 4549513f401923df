import API
import AuthEvents
import Challenges
import Composition
import Configuration
import Deliveries
import Foundation
import HTTPServer
import Processes
import Spend

// What is looked at once, before anybody is let in.
extension Server {
    /// Sentences about texts that take more than one segment with a tenant's brand: each segment is paid for.
    static func longTexts(_ settings: Settings, _ composer: Composer) -> [String] {
        guard settings.gateways.contains(where: { $0.terms.channel == .sms }) else { return [] }
        return settings.tenants.flatMap { tenant in
            Purpose.allCases.compactMap { purpose in
                let digits = settings.purposes[purpose]?.digits ?? 6
                let code = Code(digits: String(repeating: "0", count: digits))
                let text = composer.smsText(purpose: purpose, brand: tenant.brand, code: code)
                let count = SegmentCount(text)
                guard count.segments > 1 else { return nil as String? }
                return "The SMS for \(purpose.name) of the tenant \(tenant.name) takes \(count.segments) segments "
                    + "(\(count.encoding.name)): its brand's name and domain are long, or have letters outside GSM-7."
            }
        }
    }

    /// The usual 1,024 descriptors of a process would be the limit long before the settings'.
    static func allowDescriptors(for edge: Settings.Edge, log: Log) {
        // Socket and TCP; beside them the database's files, and answers that linger.
        let wanted = 2 * edge.connections + 256
        let granted = CurrentProcess.allowDescriptors(wanted)
        guard granted < wanted else { return }
        log(
            .warning,
            "This process may have \(granted) files open and needs \(wanted) for server.connections; beyond that idle "
                + "connections give way. Raise its hard limit (LimitNOFILE, ulimit -Hn)."
        )
    }

    static func requestLimits(of settings: Settings) -> RequestLimits {
        let edge = settings.server.edge
        return RequestLimits(bodyBytes: edge.maxBody, batchBytes: edge.maxBatchBody, batchEvents: edge.maxBatch)
    }
}
