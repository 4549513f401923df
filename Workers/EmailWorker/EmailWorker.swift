import AuthEvents
import Carrier
import Clocks
import Configuration
import Deliveries
import EmailGateways
import Foundation
import Limits
import Link
import Processes
import Transfer

/// What `gatepost-email-worker` does: carries mails until it is asked to end.
enum EmailWorker {
    /// How long hand-overs under way may take when the worker ends.
    private static let drainLimit: Duration = .seconds(18)

    /// Returns the exit code.
    static func run(_ words: [String], environment: [String: String]) async -> Int32 {
        let signals = EndSignals()
        var log = Log(program: "email-worker", time: SystemTime())
        do {
            let start = try ProgramStart(words, environment: environment)
            log = Log(program: "email-worker", time: start.time)
            let gateways = start.settings.gateways.filter { $0.terms.channel == .email }
            guard !gateways.isEmpty else { throw StartFailure(78, "The settings have no gateway for email.") }
            let transfers = Transfers()
            let carrier = try carrier(start, gateways, environment: environment, transfers: transfers, log: log)
            say("ready")
            await carry(carrier, until: signals)
            await transfers.shutdown()
            return 0
        } catch {
            let failure = StartFailure(error)
            log(.error, failure.description)
            return failure.exitCode
        }
    }

    private static func carrier(
        _ start: ProgramStart,
        _ gateways: [GatewaySettings],
        environment: [String: String],
        transfers: Transfers,
        log: Log
    ) throws -> Carrier {
        let rates = gateways.compactMap { gateway in gateway.rate.map { (gateway.terms.name, $0) } }
        let office = RemotePostOffice(
            link: ServerLink(to: .socket(path: start.settings.server.socket), transfers: transfers),
            channel: "email",
            carrier: "email-worker",
            instance: CurrentProcess.freshInstance(),
            time: start.time
        )
        let gate = Gate(
            gatewayRates: Dictionary(uniqueKeysWithValues: rates),
            perRecipient: start.settings.carriers.perRecipient,
            time: start.time
        )
        let slots = try gateways.map { gateway in
            GatewaySlot(
                name: gateway.terms.name,
                gateway: try open(gateway, start, environment: environment, transfers: transfers),
                connections: gateway.connections,
                limit: gateway.rate
            )
        }
        return Carrier(office: office, gate: gate, slots: slots, time: start.time) { log(.warning, $0) }
    }

    private static func open(
        _ gateway: GatewaySettings,
        _ start: ProgramStart,
        environment: [String: String],
        transfers: Transfers
    ) throws -> any Gateway {
        guard gateway.terms.kind == "smtp" else {
            return SandboxGateway(
                name: gateway.terms.name,
                folder: start.settings.sandboxFolder ?? "sandbox",
                time: start.time
            )
        }
        var login: Login?
        if let account = gateway.account, let secret = gateway.secret {
            let settings = start.settings
            login = Login(
                account: account,
                secret: try settings.resolve(
                    secret,
                    of: "gateways.\(gateway.terms.name).secret",
                    environment: environment
                )
            )
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
        return SMTPGateway(server, transfers: transfers, time: start.time)
    }

    /// Ends what is under way, but not for ever: the server notices what is left by its leases.
    private static func carry(_ carrier: Carrier, until signals: EndSignals) async {
        let work = Task { await carrier.run() }
        await signals.wait()
        work.cancel()
        Task {
            // It ends with the process.
            _ = try? await Task.sleep(for: drainLimit)
            CurrentProcess.end(0)
        }
        await work.value
    }
}
