import API
import AuthEvents
import Challenges
package import Clocks
import Composition
package import Configuration
import Deliveries
import Foundation
import HTTPServer
import Intake
import Keys
package import Processes
import SQLiteStore
import Sorting
import Spend
import Store
import Telemetry
import Verification

/// The server: owns the store, listens on the socket and on TCP, and keeps house.
package final class Server: Sendable {
    /// How long requests under way may take when the server ends.
    private static let drainLimit: Duration = .seconds(15)

    private let store: SQLitePostOffice
    private let listeners: [Listener]
    private let readiness: Readiness
    private let upkeep: Upkeep
    private let replays: ReplayRunner
    private let probing: Probing
    private let lock: FileLock
    /// What a server that was killed with its supervisor may take until it has gone; another one is told of after it.
    private static let patience: Duration = .seconds(5)

    /// The TCP address it listens on, if any, and the socket's path.
    package let addresses: [String]

    /// Opens and listens; when this returns events are accepted.
    ///
    /// `environment`: Where secrets may be.
    package init(
        _ settings: Settings,
        environment: [String: String],
        time: any TimeSource,
        log: Log
    ) throws {
        try Server.makeFolders(for: settings)
        guard let lock = FileLock(path: settings.database + ".lock", patience: Server.patience) else {
            throw OpeningError.inUse(path: settings.database)
        }
        self.lock = lock
        if DamageSign(of: settings.database).isThere {
            log(.warning, "A damaged page of \(settings.database) was met; all of it is checked before it is used.")
        }
        let keys = try Keyring(path: settings.keyFile)
        let destinations = try settings.destinations(at: time.now(), warn: { log(.warning, $0) })
        let metrics = Metrics(gateways: settings.gateways.map(\.terms.name))
        let desk = try settings.receiptDesk(environment: environment, time: time, log: log)
        store = try SQLitePostOffice(
            path: settings.database,
            life: LifeFile(path: settings.lifeFile),
            routing: settings.routing,
            budgets: settings.budgets,
            numbers: { event, sealed, isPrevious in
                let contents = try? keys.open(sealed, of: event)
                return isPrevious ? contents?.previousPhone : contents?.phone
            },
            time: time,
            stories: settings.stories,
            keys: keys.fingerprint,
            metrics: metrics,
            terms: StoreTerms(
                walLimit: settings.store.walLimit,
                reserve: settings.store.reserve,
                recentRows: settings.store.recentRows
            )
        )
        if store.isReserveMissing {
            log(
                .warning,
                "There is no room to set \(settings.store.reserve) bytes aside (store.reserve) and as much again: on a full "
                    + "disk not even outcomes could be recorded. Make room, or make store.reserve smaller."
            )
        }
        readiness = Readiness { log(.error, $0) }
        let api = try Server.api(
            settings,
            store: store,
            receipts: desk,
            keys: keys,
            destinations: destinations,
            time: time,
            log: log,
            metrics: metrics,
            readiness: readiness
        )
        Server.allowDescriptors(for: settings.server.edge, log: log)
        (listeners, addresses) = try Server.listen(settings, api: api)
        let retention = RetentionTerms(deliveries: settings.retention.deliveries, tokens: settings.retention.tokens)
        upkeep = Upkeep(store: store, retention: retention, uses: api.uses, readiness: readiness, log: log)
        replays = ReplayRunner(store: store, replaying: api.replaying, time: time)
        probing = api.probing
        readiness.set(.ready)
    }

    /// Works until it is asked to end, then lets what is under way end.
    package func run(until signals: EndSignals) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.upkeep.run() }
            group.addTask { await self.replays.run() }
            await signals.wait()
            readiness.set(.draining)
            store.endWaits()
            probing.close()
            await withTaskGroup(of: Void.self) { drains in
                for listener in listeners { drains.addTask { await listener.drain(within: Server.drainLimit) } }
            }
            group.cancelAll()
        }
        await upkeep.writeUses()
        await store.close()
    }

    private static func makeFolders(for settings: Settings) throws {
        // Others than the owner pass through the socket's folder only where some user may carry.
        let mode = settings.carriers.users.isEmpty ? 0o700 : 0o755
        for (path, mode) in [(settings.database, 0o700), (settings.server.socket, mode)] {
            try FileManager.default.createDirectory(
                atPath: directory(of: path),
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: mode]
            )
        }
    }

    private static func api(
        _ settings: Settings,
        store: SQLitePostOffice,
        receipts: ReceiptDesk,
        keys: Keyring,
        destinations: Destinations,
        time: any TimeSource,
        log: Log,
        metrics: Metrics,
        readiness: Readiness
    ) throws -> API {
        var users: Set<UInt32> = []
        for name in settings.carriers.users {
            if let id = CurrentProcess.userID(named: name) {
                users.insert(id)
            } else {
                log(
                    .warning,
                    "carriers.users names \(name), whom this machine does not know; correct or remove the name."
                )
            }
        }
        let facts = InstallationFacts(
            version: version,
            startedAt: time.now(),
            residentMemory: { CurrentProcess.residentMemory },
            store: "sqlite",
            hosts: settings.servedHosts,
            limits: requestLimits(of: settings),
            sandboxFolder: settings.sandboxFolder,
            spoolFolder: directory(of: settings.database),
            userID: CurrentProcess.userID,
            carrierUsers: users,
            gateways: settings.gateways.map(\.terms),
            countries: Dictionary(
                uniqueKeysWithValues: settings.tenants.map { ($0.name.description, $0.defaultCountry) }
            )
        )
        let composer = try settings.composer()
        for warning in longTexts(settings, composer) { log(.warning, warning) }
        return API(
            intake: Intake(
                store: store,
                keys: keys,
                tenants: settings.tenants,
                terms: settings.purposes,
                composer: composer,
                destinations: destinations,
                limits: settings.limits,
                time: time
            ),
            verification: Verification(
                store: store,
                keys: keys,
                epoch: store.epoch,
                terms: settings.purposes,
                limits: settings.limits,
                tenants: settings.tenants
            ),
            sorting: Sorting(
                queue: store,
                keys: keys,
                composer: composer,
                tenants: settings.tenants,
                destinations: destinations,
                time: time
            ),
            replaying: Replaying(
                store: store,
                keys: keys,
                tenants: settings.tenants,
                terms: settings.purposes,
                composer: composer,
                destinations: destinations,
                limits: settings.limits,
                time: time
            ),
            store: store,
            receipts: receipts,
            destinations: destinations,
            keys: keys,
            time: time,
            facts: facts,
            metrics: metrics,
            readiness: readiness
        )
    }

    private static func listen(_ settings: Settings, api: API) throws -> ([Listener], [String]) {
        let requests = requestLimits(of: settings)
        let limits = ServerLimits(settings.server.edge, largestBody: requests.largestBytes)
        let proxies = settings.server.trustedProxies
        func listener(_ endpoint: Endpoint) throws -> Listener {
            try Listener(
                at: endpoint,
                limits: limits,
                isProxy: { octets in proxies.contains { $0.contains(octets) } },
                bodyLimit: { requests.bytes(of: $0) },
                rejection: { Problem($0).response },
                handler: { await api.answer($0) }
            )
        }
        // Others than the owner reach the socket only where some user may carry.
        let mode: UInt32 = settings.carriers.users.isEmpty ? 0o600 : 0o666
        var listeners = [try listener(.local(path: settings.server.socket, mode: mode))]
        var addresses = [settings.server.socket]
        if let listen = settings.server.listen {
            let tcp = try listener(.internet(host: listen.host, port: listen.port))
            listeners.append(tcp)
            addresses.insert("http://\(Endpoint.internet(host: listen.host, port: tcp.port))", at: 0)
        }
        return (listeners, addresses)
    }
}
