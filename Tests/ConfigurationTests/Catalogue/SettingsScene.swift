import Testing

/// Settings that make the reading code ask for keys, with places where others can be written.
///
/// A table of an entry begins with a comment that names its path (`# gateways.mail`, `# gateways.hmac.receipts`) and ends
/// with an empty line; a key of a plain table needs no place.
struct SettingsScene: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String

    var testDescription: String { name }

    /// The text with a key written out, in the lines that there are; `nil` where it has no place for the key.
    func writing(_ key: String, _ literal: String, of section: String) -> String? {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let written = "\(key) = \(literal)"
        guard let place = lines.firstIndex(of: "# \(section)") else {
            let isEntry = text.contains("[[\(section.prefix { $0 != "." })]]")
            return isEntry || section.isEmpty ? nil : text + "\n[\(section)]\n\(written)\n"
        }
        lines[line(of: key, behind: place, lines) ?? place] = written
        return lines.joined(separator: "\n")
    }

    /// Whether the key stands in the text already.
    func has(_ key: String, of section: String) -> Bool {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return lines.firstIndex(of: "# \(section)").map { line(of: key, behind: $0, lines) != nil } ?? false
    }

    private func line(of key: String, behind place: Int, _ lines: [String]) -> Int? {
        lines.indices.dropFirst(place + 1).prefix { !lines[$0].isEmpty }.first { lines[$0].hasPrefix(key + " = ") }
    }
}

extension SettingsScene {
    static let all = [
        SettingsScene(name: "nothing", text: ""),
        SettingsScene(name: "entries", text: people + gateways + receipts),
        SettingsScene(name: "a sandbox", text: sandbox),
        SettingsScene(name: "a public address", text: address + preset),
        SettingsScene(
            name: "receipts of a preset",
            text: address + preset + "[gateways.receipts]\n# gateways.preset.receipts\naccount_is = \"AC1\"\n"
        ),
        // The least and the most of some keys need room from others.
        SettingsScene(name: "little room", text: "[server]\n# server\nmax_body = 4096\nmax_batch_body = 4096\n"),
        SettingsScene(
            name: "much room",
            text: "[server]\n# server\nmax_batch_body = 67108864\nbuffered_bodies = 17179869184\n"
        ),
    ]

    static func named(_ name: String) -> SettingsScene? { all.first { $0.name == name } }

    private static let address = "[server]\n# server\npublic_url = \"https://post.example.com\"\n\n"

    private static let people = """
        [[tenants]]
        # tenants.default
        name = "default"
        templates = "texts"

        [tenants.brand]
        # tenants.default.brand

        [[tenants]]
        # tenants.shop
        name = "shop"
        templates = "texts"

        [tenants.brand]
        # tenants.shop.brand
        domain = "shop.example"

        [[tenants.limits]]
        # tenants.shop.limits.own
        name = "own"
        scope = "prefix"
        rate = "1000000/1s"

        [[limits]]
        # limits.any
        name = "any"
        scope = "prefix"
        rate = "1000000/1s"

        [[budgets]]
        # budgets.month
        name = "month"
        scope = "all"
        period = "month"
        limit = "50.00 USD"

        [[routes]]
        # routes.1
        channel = "email"
        gateways = ["mail"]


        """

    private static let sandbox = """
        [sandbox]
        # sandbox
        enabled = true

        [[gateways]]
        # gateways.mails
        name = "mails"
        channel = "email"
        kind = "sandbox"
        ask_pause = "10m"

        [[gateways]]
        # gateways.texts
        name = "texts"
        channel = "sms"
        kind = "sandbox"
        ask_for = "24h"

        [gateways.unknown]
        # gateways.texts.unknown
        default = "give_up"

        [purposes.mfa]
        # purposes.mfa
        unknown = "send_again"

        """
}
