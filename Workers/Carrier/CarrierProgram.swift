package import AuthEvents
package import Clocks
package import Configuration
private import Deliveries
private import Limits
private import Link
private import Processes
package import Transfer

/// What a worker program does: carries the deliveries of one channel until it is asked to end.
package struct CarrierProgram: Sendable {
    /// How long hand-overs under way may take when the worker ends.
    private static let drainLimit: Duration = .seconds(18)

    /// While some have few messages in hand, so many of others' go on at once for each processor, which they share.
    private static let partOfProcessor = 4

    let name: String
    let channel: Channel
    private let isPriced: Bool
    let open: @Sendable (CarrierStart, GatewaySettings) throws -> any Gateway

    /// - Parameters:
    ///   - name: As it stands in the log and at the server.
    ///   - channel: What it carries.
    ///   - isPriced: Whether each message costs something and has to have its price.
    ///   - open: Makes a gateway of its settings.
    package init(
        name: String,
        channel: Channel,
        isPriced: Bool,
        open: @escaping @Sendable (CarrierStart, GatewaySettings) throws -> any Gateway
    ) {
        (self.name, self.channel, self.isPriced, self.open) = (name, channel, isPriced, open)
    }

    /// Returns the exit code.
    ///
    /// With `--probe` it tries its gateways once instead; see ``probe(_:environment:)``.
    package func run(_ words: [String], environment: [String: String]) async -> Int32 {
        var arguments = ProgramArguments(words)
        if arguments.flag("probe") { return await probe(arguments, environment: environment) }
        MemoryKeeper.start()
        let signals = EndSignals()
        var log = Log(program: name, time: SystemTime())
        do {
            let program = try ProgramStart(words, environment: environment)
            log = Log(program: name, time: program.time)
            let gateways = program.settings.gateways.filter { $0.terms.channel == channel }
            guard !gateways.isEmpty else {
                throw StartFailure(78, "The settings have no gateway for \(channel.name).")
            }
            let start = CarrierStart(
                settings: program.settings,
                time: program.time,
                environment: environment,
                transfers: Transfers()
            )
            let carrier = try carrier(start, gateways, log: log)
            say("ready")
            await carry(carrier, until: signals)
            await start.transfers.shutdown()
            return 0
        } catch {
            let failure = StartFailure(error)
            log(.error, failure.description)
            return failure.exitCode
        }
    }

    private func carrier(_ start: CarrierStart, _ gateways: [GatewaySettings], log: Log) throws -> Carrier {
        let rates = gateways.compactMap { gateway in gateway.rate.map { (gateway.terms.name, $0) } }
        let office = RemotePostOffice(
            link: ServerLink(to: .socket(path: start.settings.server.socket), transfers: start.transfers),
            channel: channel.name,
            carrier: name,
            instance: CurrentProcess.freshInstance(),
            time: start.time
        )
        let gate = Gate(
            gatewayRates: Dictionary(uniqueKeysWithValues: rates),
            perRecipient: start.settings.carriers.perRecipient,
            time: start.time
        )
        let slots = try gateways.map { gateway in
            if gateway.isReadableOnTheWay {
                log(
                    .warning,
                    "The gateway \(gateway.terms.name) has no TLS: codes can be read on the way; use https://."
                )
            }
            return GatewaySlot(
                name: gateway.terms.name,
                gateway: try open(start, gateway),
                connections: gateway.connections,
                limit: gateway.rate
            )
        }
        return Carrier(
            office: office,
            gate: gate,
            slots: slots,
            time: start.time,
            isPriced: isPriced,
            part: CarrierProgram.partOfProcessor * Machine.processors
        ) {
            log(.warning, $0)
        }
    }

    /// Ends what is under way, but not for ever: the server notices what is left by its leases.
    private func carry(_ carrier: Carrier, until signals: EndSignals) async {
        let work = Task { await carrier.run() }
        await signals.wait()
        work.cancel()
        Task {
            // It ends with the process.
            _ = try? await Task.sleep(for: CarrierProgram.drainLimit)
            CurrentProcess.end(0)
        }
        await work.value
    }
}

/// What a worker has when it opens its gateways.
package struct CarrierStart: Sendable {
    package let settings: Settings
    package let time: any TimeSource
    package let environment: [String: String]
    package let transfers: Transfers

    /// The folder of sandbox messages.
    package var sandboxFolder: String { settings.sandboxFolder ?? "sandbox" }

    /// Finds a gateway's secret, `nil` where it has none.
    package func secret(of gateway: GatewaySettings) throws -> String? {
        guard let source = gateway.secret else { return nil }
        let key = "gateways.\(gateway.terms.name).secret"
        let secret = try settings.resolve(source, of: key, environment: environment)
        guard !secret.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw StartFailure(78, "\(settings.file): \(key): must have no line break and no other control character")
        }
        return secret
    }
}
