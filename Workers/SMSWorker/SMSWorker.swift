import AuthEvents
import Carrier
import Clocks
import Configuration
import Deliveries
import SMSGateways

/// What `gatepost-sms-worker` does: carries text messages until it is asked to end.
enum SMSWorker {
    static let program = CarrierProgram(name: "sms-worker", channel: .sms, isPriced: true) { start, gateway in
        guard let description = gateway.http else {
            return SandboxGateway(
                name: gateway.terms.name,
                channel: Channel.sms.name,
                folder: start.sandboxFolder,
                time: start.time
            )
        }
        return HTTPGateway(
            description,
            account: gateway.account,
            secret: try start.secret(of: gateway),
            caFile: gateway.caFile,
            transfers: start.transfers,
            time: start.time
        )
    }
}
