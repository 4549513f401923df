import Configuration
import Foundation
import Keys
import Processes

extension Command {
    static let initialize = Command(
        name: "init",
        usage: "[DIR]",
        summary: "make settings, keys and a data folder; never overwrites"
    ) { invocation in
        let folder = invocation.arguments.word() ?? "."
        try invocation.arguments.finish()
        // A secret may come to stand in the settings.
        CurrentProcess.keepFilesPrivate()
        let files = FileManager.default
        let settings = folder + "/gatepost.toml"
        let keys = folder + "/keys.toml"
        for path in [settings, keys] where files.fileExists(atPath: path) {
            throw CommandFailure(1, "\(path) is there already; nothing was made")
        }
        for path in [folder, folder + "/data", folder + "/run"] {
            try files.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: nil)
        }
        try createKeyFile(at: keys)
        try Data(initialSettings.utf8).write(to: URL(filePath: settings), options: .withoutOverwriting)
        say("made \(settings), \(keys) and \(folder)/data")
        say("next: gatepost up" + (folder == "." ? "" : " --config \(settings)"))
    }
}

/// A new installation: a sandbox that sends nothing, and what to change to send.
private let initialSettings = """
    # Settings of Gatepost. What is left out has its default; docs/settings.md lists everything.

    [server]
    listen = "127.0.0.1:8440"          # empty: socket only
    socket = "run/gatepost.sock"
    hosts = ["localhost", "127.0.0.1"]

    [store]
    url = "sqlite:data/gatepost.db"

    [keys]
    file = "keys.toml"

    # The sandbox keeps every message readable in a folder instead of sending it. For production: enabled = false, and a
    # gateway below.
    [sandbox]
    enabled = true
    dir = "sandbox"

    [[tenants]]
    name = "default"
    links = []                         # what a link in an event must start with
    brand = { name = "Gatepost" }      # name, domain, from_email

    # [purposes.sign_up]
    # ttl = "24h"
    # digits = 6
    # tries = 5
    # minimum_life = "60s"

    [[gateways]]
    name = "sandbox-email"
    channel = "email"
    kind = "sandbox"

    # [[gateways]]
    # name = "mail-main"
    # channel = "email"
    # kind = "smtp"
    # url = "smtp://mail.example.com:587"
    # starttls = "required"
    # account = "user"
    # secret = { env = "MAIL_PASSWORD" }

    """
