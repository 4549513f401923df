private import AuthEvents
private import Clocks
import Configuration
private import Deliveries
private import Foundation
private import JSON
private import Transfer

extension CarrierProgram {
    /// What a gateway is tried with for the longest, whatever its own `timeout`.
    private static let probeLimit: Duration = .seconds(30)

    /// Tries each gateway of the channel once, or those that are named, and prints one line of JSON for each.
    ///
    /// No server is needed. Returns 0 where all can be reached, 1 where one cannot, 2 for wrong words and 78 for settings
    /// that cannot be used.
    func probe(_ arguments: ProgramArguments, environment: [String: String]) async -> Int32 {
        let log = Log(program: name, time: SystemTime())
        do {
            var arguments = arguments
            var words: [String] = []
            for option in ["config", "parent"] {
                if let value = try arguments.option(option) { words += ["--" + option, value] }
            }
            var names: [String] = []
            while let name = arguments.word() { names.append(name) }
            try arguments.finish()
            let program = try ProgramStart(words, environment: environment)
            let gateways = program.settings.gateways.filter { $0.terms.channel == channel }
            for name in names where !gateways.contains(where: { $0.terms.name == name }) {
                throw UsageError("the settings have no gateway \(name) for \(channel.name)")
            }
            let start = CarrierStart(
                settings: program.settings,
                time: program.time,
                environment: environment,
                transfers: Transfers()
            )
            let tried = gateways.filter { names.isEmpty || names.contains($0.terms.name) }
            let results = await withTaskGroup(of: ProbeResult.self) { group in
                for gateway in tried { group.addTask { await self.probe(gateway, start) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            await start.transfers.shutdown()
            return results.allSatisfy { $0 == .ok } ? 0 : 1
        } catch {
            let failure = StartFailure(error)
            log(.error, failure.description)
            return failure.exitCode
        }
    }

    private func probe(_ settings: GatewaySettings, _ start: CarrierStart) async -> ProbeResult {
        let begun = ContinuousClock.now
        var answer: HandOver
        do {
            let gateway = try open(start, settings)
            answer = await gateway.probe(timeout: min(settings.terms.timeout, CarrierProgram.probeLimit))
        } catch {
            // A secret that is not where the settings say; the sentence names the place, never the value.
            answer = HandOver(.refused, code: "settings", detail: StartFailure(error).description)
        }
        let line = answer.line(of: settings.terms.name, milliseconds: (ContinuousClock.now - begun).milliseconds)
        say(String(decoding: line.serialized(), as: UTF8.self))
        return ProbeResult(answer)
    }
}
