private import Clocks
import Configuration
import Foundation
import Processes

/// What `gatepost-server` does: reads the settings, serves, and ends in order.
package enum ServerProgram {
    /// Returns the exit code.
    package static func run(_ words: [String], environment: [String: String]) async -> Int32 {
        MemoryKeeper.start()
        let signals = EndSignals()
        var log = Log(program: "server", time: SystemTime())
        do {
            let start = try ProgramStart(words, environment: environment)
            log = Log(program: "server", time: start.time)
            for warning in start.settings.warnings { log(.warning, warning) }
            if let folder = start.settings.sandboxFolder {
                log(.warning, "SANDBOX: messages and their codes are kept readable in \(folder).")
            }
            let server = try Server(
                start.settings,
                environment: environment,
                time: start.time,
                log: log
            )
            for address in server.addresses { say("listening \(address)") }
            say("ready")
            await server.run(until: signals)
            return 0
        } catch {
            let failure = StartFailure(starting: error)
            log(.error, failure.description)
            return failure.exitCode
        }
    }
}
