import AuthEvents
import Clocks
import Deliveries
import Store

extension WriterState {
    /// Takes nothing from the file, so it costs the same whatever lies there.
    func standing(of tenant: TenantName?) -> Standing {
        // A tenant without a number has nothing in the store.
        let number = tenant.map { tenants.ids[$0.description] ?? 0 }
        let sums = counts.sums(of: number)
        let channels = Channel.allCases.map { channel in
            let numbers = DeliveryState.allCases.map { ($0, sums[channel]?[$0] ?? 0) }
            return Standing.ChannelCounts(
                channel: channel,
                counts: Dictionary(uniqueKeysWithValues: numbers),
                asking: asked.sum(of: number, channel),
                pausedAt: pauses[channel]
            )
        }
        let gateways = gateways.keys.sorted().compactMap { id in
            guard let name = gatewayNames.names[id], let health = self.gateways[id] else {
                return nil as Standing.GatewayState?
            }
            return Standing.GatewayState(
                name: name,
                health: health,
                hold: holds.first { $0.scope == .gateway && $0.value == name },
                earliestDue: lanes.earliest(at: [id]).map(Instant.init)
            )
        }
        return Standing(channels: channels, gateways: gateways)
    }
}
