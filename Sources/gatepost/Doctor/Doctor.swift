import Clocks
import Configuration
import Foundation
import JSON
import Link
import SQLiteStore
import Transfer

/// Looks at everything that an installation needs, and changes nothing.
///
/// Where a server runs it is asked; its database is not opened beside it. Nothing outside is connected to but the gateways.
struct Doctor: Sendable {
    let settings: Settings
    /// As it was given, for programs that are started.
    let config: String
    let time: any TimeSource
    let transfers = Transfers()

    /// - Throws: `SettingsError` where the settings cannot be read at all.
    init(_ invocation: Invocation) throws {
        config = SettingsPlace.path(invocation.config, environment: invocation.environment)
        settings = try Settings(file: config, environment: invocation.environment)
        time = SettingsPlace.time(for: settings, environment: invocation.environment)
    }

    var link: ServerLink { ServerLink(to: .socket(path: settings.server.socket), transfers: transfers) }

    /// Looks at one thing after the other, and tells of each when it is known.
    func examine(_ tell: @Sendable (Finding) -> Void) async -> [Finding] {
        var findings: [Finding] = []
        func found(_ these: [Finding]) {
            for finding in these { tell(finding) }
            findings += these
        }
        let server = await ServerLook(self)
        found(settingsFindings())
        let store = lookAtStore(server)
        found(keyFindings(store))
        found(storeFindings(store, server))
        found(serverFindings(server, store))
        found(clockFindings(await newest(store, server)))
        found([.ok("phone numbers", phoneNumberData)])
        found(priceFindings())
        found(carrierFindings(server))
        found(await gatewayFindings(server))
        await transfers.shutdown()
        return findings
    }

    /// The wall time of the newest thing that the database knows of.
    private func newest(_ store: StoreLook, _ server: ServerLook) async -> Instant? {
        guard server.mayBeAsked else { return store.facts?.newest }
        let page = try? await link.call("GET", "/v1/deliveries?limit=1")
        return (page?.body["items"]?.array?.first?["created_at"]?.string).flatMap { Instant(rfc3339: $0) }
    }
}
