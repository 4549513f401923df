package import Clocks
import Foundation
import Processes

/// What the server and the workers have in common before they start.
package struct ProgramStart {
    package let settings: Settings
    package let time: any TimeSource

    /// Takes `--config FILE`, and `--parent PID` of the supervisor that the program must not outlive.
    package init(_ words: [String], environment: [String: String]) throws {
        CurrentProcess.keepFilesPrivate()
        var arguments = ProgramArguments(words)
        if let text = try arguments.option("parent") {
            guard let parent = Int32(text) else { throw UsageError("--parent needs a process id") }
            guard CurrentProcess.endWithParent(parent) else { throw StartFailure(1, "The supervisor has gone.") }
        }
        let path = SettingsPlace.path(try arguments.option("config"), environment: environment)
        try arguments.finish()
        settings = try Settings(file: path, environment: environment)
        time = SettingsPlace.time(for: settings, environment: environment)
    }
}

package enum SettingsPlace {
    /// `--config`, `GATEPOST_CONFIG`, `./gatepost.toml`, `/etc/gatepost/gatepost.toml`.
    package static func path(_ named: String?, environment: [String: String]) -> String {
        if let path = named ?? environment["GATEPOST_CONFIG"] { return path }
        return FileManager.default.fileExists(atPath: "gatepost.toml") ? "gatepost.toml" : "/etc/gatepost/gatepost.toml"
    }

    /// The machine's clocks; only with the sandbox on may a test move them.
    package static func time(for settings: Settings, environment: [String: String]) -> SystemTime {
        SystemTime(testDirectory: settings.sandboxFolder == nil ? nil : environment["GATEPOST_TEST_DIR"])
    }
}
