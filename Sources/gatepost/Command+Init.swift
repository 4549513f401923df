import Configuration
import Foundation
import Keys
import Processes

extension Command {
    static let initialize = Command(
        name: "init",
        usage: "[DIR]",
        summary: "make settings, keys, a first price table and a data folder; never overwrites"
    ) { invocation in
        let folder = invocation.arguments.word() ?? "."
        try invocation.arguments.finish()
        // A secret may come to stand in the settings.
        CurrentProcess.keepFilesPrivate()
        let files = FileManager.default
        let settings = folder + "/gatepost.toml"
        let keys = folder + "/keys.toml"
        let prices = folder + "/prices/start.csv"
        for path in [settings, keys, prices] where files.fileExists(atPath: path) {
            throw CommandFailure(1, "\(path) is there already; nothing was made")
        }
        for path in [folder, folder + "/data", folder + "/run", folder + "/prices"] {
            try files.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: nil)
        }
        try createKeyFile(at: keys)
        for (path, text) in [(prices, initialPrices), (settings, initialSettings)] {
            try Data(text.utf8).write(to: URL(filePath: path), options: .withoutOverwriting)
        }
        say("made \(settings), \(keys), \(prices) and \(folder)/data")
        say("next: gatepost up" + (folder == "." ? "" : " --config \(settings)"))
    }
}
