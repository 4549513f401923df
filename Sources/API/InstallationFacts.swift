package import Clocks
package import Deliveries
private import Synchronization

/// What the endpoints tell of the installation.
package struct InstallationFacts: Sendable {
    package var version: String
    /// When the process began.
    package var startedAt: Instant
    /// Bytes of memory that the process has now, `nil` where the system does not tell.
    package var residentMemory: @Sendable () -> Int64?
    /// `sqlite` or `postgres`.
    package var store: String
    package var hosts: [String]
    package var limits: RequestLimits
    /// Where sandbox gateways keep messages; `nil` where the sandbox is off.
    package var sandboxFolder: String?
    /// Where answers are put together that are too large for memory.
    package var spoolFolder: String
    package var userID: UInt32
    package var carrierUsers: Set<UInt32>
    package var gateways: [GatewayTerms]
    /// The country in which each declared tenant's national numbers are read.
    package var countries: [String: String]

    /// Names of all declared tenants.
    package var tenants: Set<String> { Set(countries.keys) }

    package init(
        version: String,
        startedAt: Instant,
        residentMemory: @escaping @Sendable () -> Int64?,
        store: String,
        hosts: [String],
        limits: RequestLimits,
        sandboxFolder: String?,
        spoolFolder: String,
        userID: UInt32,
        carrierUsers: Set<UInt32>,
        gateways: [GatewayTerms],
        countries: [String: String]
    ) {
        (self.version, self.startedAt, self.residentMemory) = (version, startedAt, residentMemory)
        (self.store, self.hosts, self.sandboxFolder) = (store, hosts, sandboxFolder)
        (self.limits, self.spoolFolder) = (limits, spoolFolder)
        (self.userID, self.carrierUsers, self.gateways, self.countries) = (userID, carrierUsers, gateways, countries)
    }
}

/// Whether events are accepted; `/readyz` tells it to load balancers.
package final class Readiness: Sendable {
    package enum State: Sendable { case starting, ready, draining, unavailable }

    private let current = Mutex(State.starting)
    private let report: @Sendable (String) -> Void

    /// Gives `report` the reason when events are no longer accepted, and a sentence when they are again.
    package init(report: @escaping @Sendable (String) -> Void) {
        self.report = report
    }

    /// Takes note that the store did not take a write.
    package func fail(_ reason: String) {
        let isNews = current.withLock { current in
            defer { if current != .draining { current = .unavailable } }
            return current == .ready
        }
        if isNews { report(reason) }
    }

    package var state: State { current.withLock { $0 } }

    /// Draining is final.
    package func set(_ state: State) {
        let isBack = current.withLock { current in
            defer { if current != .draining { current = state } }
            return current == .unavailable && state == .ready
        }
        if isBack { report("The store takes writes again.") }
    }
}
