import AuthEvents
import Deliveries

extension Settings {
    /// Brings what purposes say about unknown outcomes to the gateways that do not say it themselves.
    ///
    /// A purpose goes by several gateways, so a step that one of them does not have is passed over there; one that none of
    /// them has is refused.
    static func bringUnknown(
        of purposes: SettingsSection,
        to gateways: inout [GatewaySettings]
    ) throws(SettingsError) {
        for purpose in Purpose.allCases {
            let entry = try purposes.section(purpose.name, as: "NAME")
            guard let policy = try entry.unknownPolicy("unknown") else { continue }
            let indices = gateways.indices.filter { gateways[$0].terms.unknown[purpose] == nil }
            for step in policy.steps where !indices.isEmpty && !indices.contains(where: { gateways[$0].has(step) }) {
                let lack =
                    switch step {
                    case .awaitReceipt: "waits for receipts; leave the word out, or see receipts and server.public_url"
                    case .askGateway: "can be asked; leave the word out, or say in a gateway's ask how"
                    }
                throw entry.error("unknown", "has \(step.rawValue), and no gateway that it holds for \(lack)")
            }
            for index in indices {
                let steps = policy.steps.filter { gateways[index].has($0) }
                gateways[index].terms.unknown[purpose] = UnknownPolicy(steps: steps, end: policy.end)
            }
        }
    }
}
