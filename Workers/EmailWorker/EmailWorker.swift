import AuthEvents
import Carrier
import Clocks
import Configuration
import Deliveries
import EmailGateways
import Foundation
import Transfer

/// What `gatepost-email-worker` does: carries mails until it is asked to end.
enum EmailWorker {
    static let program = CarrierProgram(name: "email-worker", channel: .email, isPriced: false) { start, gateway in
        guard gateway.terms.kind == "smtp" else {
            return SandboxGateway.forMail(name: gateway.terms.name, folder: start.sandboxFolder, time: start.time)
        }
        var login: Login?
        if let account = gateway.account, let secret = try start.secret(of: gateway) {
            login = Login(account: account, secret: secret)
        }
        let tls: MailServer.TLS =
            switch gateway.encryption {
            case .required: .required
            case .opportunistic: .opportunistic
            case .none: .none
            }
        let server = MailServer(
            url: gateway.url,
            tls: tls,
            login: login,
            permitsPlainLogin: gateway.isOnLoopback,
            caFile: gateway.caFile,
            heloName: ProcessInfo.processInfo.hostName
        )
        return SMTPGateway(server, transfers: start.transfers, time: start.time)
    }
}
