import AuthEvents
import Clocks
import Deliveries
import HTTPServer
import JSON
import Sorting
import Store

extension API {
    /// The most gateways of one request.
    private static let probeLimit = 100

    /// Answers `POST /v1/gateways/probe`: has the carriers try their connections, of the named gateways or of all.
    func probeGateways(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .operate)
        guard principal.tenant == nil else {
            throw Problem(
                .forbidden,
                "A gateway is of all tenants; use a token that is bound to none.",
                ["scope": .string(Scope.operate.rawValue)]
            )
        }
        let known = facts.gateways.map(\.name)
        let names = try gatewayNames(of: request, among: known) ?? known
        let (probing, sorting) = (probing, sorting)
        let answers = await withTaskGroup(of: ProbeAnswer.self) { group in
            for name in names {
                group.addTask { await probing.probe(name) { sorting.wake([name]) } }
            }
            return await group.reduce(into: [:]) { $0[$1.gateway] = $1 }
        }
        return .json(["items": .array(names.compactMap { answers[$0]?.json })])
    }

    /// Those that the body names, each once; `nil` where it names none at all.
    private func gatewayNames(of request: Request, among known: [String]) throws(Problem) -> [String]? {
        let body = try request.object("gateways")
        guard body.object["gateways"] != nil else { return nil }
        return try problem { () throws(EventProblem) in
            var names: [String] = []
            for (index, name) in try body.strings("gateways", count: 0...API.probeLimit).enumerated() {
                guard known.contains(name) else {
                    let pointer = body.pointer.appending("gateways").appending(index)
                    throw EventProblem(at: pointer, "the settings have no gateway of this name")
                }
                if !names.contains(name) { names.append(name) }
            }
            return names
        }
    }

    /// Takes back what could not be given to a carrier; another may be there.
    func putBack(_ given: [(token: ProbeToken, gateway: String)]) {
        guard !given.isEmpty else { return }
        probing.putBack(given.map(\.token))
        sorting.wake(given.map(\.gateway))
    }

    /// The probes that a claim comes for, as its answer has them.
    func claimProbes(_ given: [(token: ProbeToken, gateway: String)]) -> [JSONValue] {
        given.map { token, gateway in
            let own = facts.gateways.first { $0.name == gateway }?.timeout ?? Probing.trialLimit
            let timeout = min(own, Probing.trialLimit)
            return [
                "token": .string(token.text), "task": "probe", "gateway": .string(gateway),
                "lease_ms": .integer((timeout + .seconds(5)).milliseconds),
                "timeout_ms": .integer(timeout.milliseconds),
            ]
        }
    }
}

extension ProbeAnswer {
    fileprivate var json: JSONValue {
        [
            "gateway": .string(gateway), "result": .string(result.rawValue),
            "code": code.map(JSONValue.string) ?? nil, "detail": detail.map(JSONValue.string) ?? nil,
            "carrier": carrier.map(JSONValue.string) ?? nil, "ms": milliseconds.map(JSONValue.integer) ?? nil,
        ]
    }
}
