import AuthEvents
import Clocks
import Deliveries
import Store

extension WriterState {
    func standing(_ counts: Counts) -> Standing {
        let channels = Channel.allCases.map { channel in
            let numbers = DeliveryState.allCases.map { ($0, counts[channel, $0]) }
            return Standing.ChannelCounts(
                channel: channel,
                counts: Dictionary(uniqueKeysWithValues: numbers),
                asking: counts[asking: channel],
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
