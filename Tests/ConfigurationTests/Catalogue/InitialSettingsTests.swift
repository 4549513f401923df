import Configuration
import Limits
import Testing

@testable import gatepost

@Suite("The settings that init writes")
struct InitialSettingsTests {
    private let file: SettingsFile

    init() throws { file = try SettingsFile() }

    /// What is no default in them, because it is an example or what a new installation begins with.
    private static let examples: Set<String> = [
        "server.trusted_proxies", "sandbox.enabled", "countries.allow", "countries.price_ceiling", "prices.unpriced",
        "[tenants].name", "[limits].name", "[limits].scope", "[limits].channel", "[limits].rate",
        "[budgets].name", "[budgets].scope", "[budgets].period", "[budgets].limit",
        "[gateways].name", "[gateways].channel", "[gateways].kind", "[gateways].url", "[gateways].starttls",
        "[gateways].account", "[gateways].secret", "[gateways].rate",
    ]

    @Test("are allowed, also with all that stands in comments", arguments: [false, true])
    func allowed(isProduction: Bool) throws {
        _ = try file.settings(initialSettings)
        _ = try file.settings(InitialSettingsTests.lines(isProduction: isProduction).joined(separator: "\n"))
    }

    @Test("have the defaults, in comments too, where they are no examples", arguments: [false, true])
    func defaults(isProduction: Bool) throws {
        let lines = InitialSettingsTests.lines(isProduction: isProduction)
        let all = lines.joined(separator: "\n")
        _ = try file.settings(all)
        var table = ""
        for (index, line) in lines.enumerated() {
            if line.hasPrefix("[") { table = String(line.prefix { $0 != " " }.dropFirst().dropLast()) }
            guard let key = line.wholeMatch(of: /([a-z_]+) = .*/)?.1 else { continue }
            let name = "\(table).\(key)"
            guard !InitialSettingsTests.examples.contains(name) else { continue }
            var without = lines
            without[index] = "#"
            let isDefault = (try? file.reads(without.joined(separator: "\n"), as: all)) ?? false
            #expect(isDefault, "\(name) is no default; correct it, or name it among the examples")
        }
    }

    @Test("tell the standard limits")
    func standardLimits() {
        for limit in Limit.standard {
            #expect(initialSettings.contains("\(limit.name) (\(limit.rate.text))"))
        }
    }

    /// The lines without the comments before what could be set; those of real gateways in place of the sandbox.
    private static func lines(isProduction: Bool) -> [String] {
        var lines: [String] = []
        var isLeftOut = false
        for line in initialSettings.split(separator: "\n", omittingEmptySubsequences: false) {
            let isComment = line.hasPrefix("# ")
            let setting = line.firstMatch(of: /^(?:# )?([a-z_]+ = .*|\[.*)$/).map { String($0.1) }
            if line.isEmpty { isLeftOut = false }
            if setting == "[[gateways]]" { isLeftOut = isComment != isProduction }
            lines.append(isLeftOut ? "" : setting ?? String(line))
            if isProduction, setting == "enabled = true" { lines[lines.count - 1] = "enabled = false" }
        }
        return lines
    }
}
