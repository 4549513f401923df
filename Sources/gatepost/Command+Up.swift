private import AuthEvents
import Clocks
import Configuration
private import Deliveries
import Foundation
import Processes

extension Command {
    static let up = Command(
        name: "up",
        usage: "",
        summary: "start the server and its workers, and keep them up until SIGTERM"
    ) { invocation in
        try invocation.arguments.finish()
        let path = SettingsPlace.path(invocation.config, environment: invocation.environment)
        let settings = try Settings(file: path, environment: invocation.environment)
        let signals = EndSignals()
        let log = Log(
            program: "up",
            time: SettingsPlace.time(for: settings, environment: invocation.environment)
        )
        let supervisor = Supervisor(config: path, log: log)
        let workers = Channel.allCases.filter { channel in
            settings.gateways.contains { $0.terms.channel == channel }
        }.map { "gatepost-\($0.name)-worker" }
        let code = await supervisor.run(server: "gatepost-server", workers: workers, until: signals)
        guard code == 0 else { throw CommandFailure(code, "the start failed; the reason stands above") }
    }
}
