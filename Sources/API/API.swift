private import AuthEvents
package import Clocks
package import Deliveries
package import HTTPServer
package import Intake
import JSON
package import Keys
private import Schemas
package import Sorting
package import Store
package import Telemetry
package import Verification

/// The endpoints of the server: turns requests into calls of the parts, and what they return into answers.
package struct API: Sendable {
    let intake: Intake
    let verification: Verification
    let sorting: Sorting
    let records: any DeliveryRecords
    let money: any SpendRecords
    let destinations: Destinations
    let tokens: any TokenStore
    let holds: any HoldStore
    let suppressions: any SuppressionStore
    let erasures: any ErasureStore
    let replays: any ReplayStore
    let backups: any BackupStore
    package let replaying: Replaying
    let receiptStore: any ReceiptStore
    let refusals: any RefusalStore
    let desk: ReceiptDesk
    let keys: Keyring
    let time: any TimeSource
    let access: Access
    let facts: InstallationFacts
    let sandbox: SandboxFolder?
    let readiness: Readiness
    let metrics: Metrics
    let carriers = CarrierRegistry()
    package let probing = Probing()
    /// To be written to the store now and then, by whoever runs the server.
    package let uses = TokenUses()

    package init(
        intake: Intake,
        verification: Verification,
        sorting: Sorting,
        replaying: Replaying,
        store: any BackupStore & DeliveryRecords & ErasureStore & HoldStore & ReceiptStore & RefusalStore & ReplayStore
            & SpendRecords & SuppressionStore & TokenStore,
        receipts: ReceiptDesk = ReceiptDesk(),
        destinations: Destinations,
        keys: Keyring,
        time: any TimeSource,
        facts: InstallationFacts,
        metrics: Metrics,
        readiness: Readiness
    ) {
        (self.intake, self.verification, self.sorting) = (intake, verification, sorting)
        (self.records, self.money, self.tokens, self.keys, self.time) = (store, store, store, keys, time)
        (holds, suppressions, self.destinations) = (store, store, destinations)
        (replays, self.replaying, erasures, backups) = (store, replaying, store, store)
        (receiptStore, refusals, desk) = (store, store, receipts)
        (self.facts, self.metrics, self.readiness) = (facts, metrics, readiness)
        access = Access(
            tokens: store,
            uses: uses,
            keys: keys,
            time: time,
            hosts: Set(facts.hosts.map { $0.lowercased() }),
            userID: facts.userID,
            carriers: facts.carrierUsers
        )
        sandbox = facts.sandboxFolder.map(SandboxFolder.init)
    }

    /// Answers one request.
    package func answer(_ request: Request) async -> Response {
        do {
            return try await route(request)
        } catch {
            note(error)
            return error.response
        }
    }

    private func route(_ request: Request) async throws(Problem) -> Response {
        try access.checkHost(of: request)
        try request.refuseEncoding()
        guard let segments = request.target.segments else {
            throw Problem(
                .malformed,
                "The path has a % without two hexadecimal digits, or bytes that are not UTF-8; encode it again.",
                ["offset": 0]
            )
        }
        let isGet = request.method == "GET" || request.method == "HEAD"
        switch segments.count {
        case 1 where segments[0] == "healthz":
            try allow(isGet, ["GET"])
            return plain("ok")
        case 1 where segments[0] == "readyz":
            try allow(isGet, ["GET"])
            return readyz()
        case 1 where segments[0] == "metrics":
            try allow(isGet, ["GET"])
            return try await metrics(request)
        case 1 where segments[0] == "openapi.json":
            try allow(isGet, ["GET"])
            return Response(
                status: 200,
                headers: [("Content-Type", "application/json")],
                body: OpenAPIDocument.bytes
            )
        case 2... where segments[0] == "v1":
            return try await route(request, Array(segments.dropFirst()), isGet: isGet)
        default: throw .notFound
        }
    }

    private func route(_ request: Request, _ path: [String], isGet: Bool) async throws(Problem) -> Response {
        let isPost = request.method == "POST"
        switch (path[0], path.count) {
        case ("events", 1):
            try allow(isPost, ["POST"])
            return try await events(request)
        case ("verify", 1):
            try allow(isPost, ["POST"])
            return try await verifyByAddress(request)
        case ("challenges", 2):
            try allow(isGet, ["GET"])
            return try await challenge(request, id: path[1])
        case ("challenges", 3) where path[2] == "verify":
            try allow(isPost, ["POST"])
            return try await verify(request, id: path[1])
        case ("deliveries", 1):
            try allow(isGet, ["GET"])
            return try await deliveries(request)
        case ("deliveries", 3) where path[2] == "explain":
            try allow(isGet, ["GET"])
            return try await explain(request, id: path[1])
        case ("deliveries", 2) where path[1] == "search":
            try allow(isPost, ["POST"])
            return try await searchDeliveries(request)
        case ("erasures", 1):
            try allow(isPost, ["POST"])
            return try await erase(request)
        case ("deliveries", 3) where path[2] == "cancel":
            try allow(isPost, ["POST"])
            return try await cancel(request, id: path[1])
        case ("queues", 3) where ["pause", "resume"].contains(path[2]):
            try allow(isPost, ["POST"])
            return try await pause(request, channel: path[1], isResume: path[2] == "resume")
        case ("gateways", 2) where path[1] == "probe":
            try allow(isPost, ["POST"])
            return try await probeGateways(request)
        case ("deliveries", 2):
            try allow(isGet, ["GET"])
            return try await delivery(request, id: path[1])
        case ("spend", 1):
            try allow(isGet, ["GET"])
            return try await spend(request)
        case ("ledger", 1):
            try allow(isGet, ["GET"])
            return try await ledger(request)
        case ("ledger", 2) where path[1] == "verify":
            try allow(isPost, ["POST"])
            return try await verifyLedger(request)
        case ("price", 1):
            try allow(isPost, ["POST"])
            return try await price(request)
        case ("status", 1):
            try allow(isGet, ["GET"])
            return try await status(request)
        case ("tokens", 1):
            try allow(isGet || isPost || request.method == "DELETE", ["GET", "POST", "DELETE"])
            return try await tokens(request)
        case ("tokens", 2):
            try allow(request.method == "DELETE", ["DELETE"])
            return try await revokeToken(request, id: path[1])
        case ("keys", 1):
            try allow(isGet, ["GET"])
            return try await listKeys(request)
        case ("backup", 1):
            try allow(isPost, ["POST"])
            return try await backUp(request)
        case ("replays", 1):
            try allow(isPost, ["POST"])
            return try await createReplay(request)
        case ("replays", 2):
            try allow(isGet, ["GET"])
            return try await replay(request, id: path[1], isStop: false)
        case ("replays", 3) where path[2] == "stop":
            try allow(isPost, ["POST"])
            return try await replay(request, id: path[1], isStop: true)
        case ("holds", 1...2):
            return try await holds(request, id: path.count == 2 ? path[1] : nil)
        case ("suppressions", 1...2):
            return try await suppressions(request, id: path.count == 2 ? path[1] : nil)
        case ("receipts", 2...3):
            return try await receipts(request, of: path[1], attempt: path.count == 3 ? path[2] : nil)
        case ("sandbox", 1):
            try allow(isGet || request.method == "DELETE", ["GET", "DELETE"])
            return try await sandbox(request)
        case ("carriers", 2) where ["claim", "begin", "settle"].contains(path[1]):
            try allow(isPost, ["POST"])
            return try await carriers(request, path[1])
        default: throw .notFound
        }
    }

    func allow(_ isAllowed: Bool, _ methods: [String]) throws(Problem) {
        if !isAllowed { throw .methodNotAllowed(methods) }
    }

    /// Who asks, where it has the scope.
    func principal(of request: Request, _ scope: Scope) async throws(Problem) -> Principal {
        do {
            let principal = try await access.principal(of: request)
            try principal.require(scope)
            // What has a body says all of it there.
            if request.method == "POST" { try request.refuseQuery() }
            return principal
        } catch {
            var problem = error
            if problem.name == .unauthenticated { problem.members["scope"] = .string(scope.rawValue) }
            throw problem
        }
    }

    private func readyz() -> Response {
        switch readiness.state {
        case .ready: plain(facts.sandboxFolder == nil ? "ready" : "sandbox")
        case .starting: plain("starting", status: 503)
        case .draining: plain("draining", status: 503)
        case .unavailable: plain("unavailable", status: 503)
        }
    }

    private func plain(_ text: String, status: Int = 200) -> Response {
        Response(
            status: status,
            headers: [("Content-Type", "text/plain; charset=utf-8")],
            body: [UInt8]((text + "\n").utf8)
        )
    }
}
