import Clocks
import Foundation
import JSON

/// A server in the sandbox with both of its workers, to which probes are sent over TCP.
final class ProbeScene {
    let post: Installation
    let port: UInt16
    /// `gatepost up`.
    let up: Running
    /// An hour from the server's now.
    let later: Instant
    var tokens: [String: String] = [:]
    /// Of requests so far.
    var number = 0
    /// The newest challenge and delivery of an honest event.
    private(set) var challenge = ""
    private(set) var delivery = ""
    /// Things that are there to be ended, by what they are called in a path.
    private(set) var things: [String: String] = [:]
    private var gateways: [JSONValue] = []
    /// Every delivery that should be there.
    private(set) var known: Set<String> = []

    /// Starts the programs and makes the tokens; the clock then stands an hour ahead, so that one of them has expired.
    init(_ post: Installation, _ variables: [String] = []) async throws {
        self.post = post
        later = Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) + .seconds(7201)
        up = try await post.start("gatepost", ["up"], variables: [post.clock] + variables)
        port = UInt16(try await post.url(of: up).split(separator: ":").last ?? "") ?? 0
        _ = try await up.line("ready")
        let standing = try await post.call("GET", "/v1/status").body
        gateways = standing["gateways"]?.array?.compactMap { $0["name"] } ?? []
        let scopes = ["events", "codes", "read", "operate", "spend", "admin", "carry", "sandbox"]
        tokens["every"] = try await token(scopes)
        tokens["shop"] = try await token(scopes.filter { $0 != "carry" }, ["tenant": "shop"])
        tokens["expired"] = try await token(scopes, ["expires_in": "1h"])
        tokens["revoked"] = try await token(scopes)
        let newest = try await post.call("GET", "/v1/tokens?limit=1").body["items"]?.array?.first?["id"]?.string ?? ""
        guard try await post.call("DELETE", "/v1/tokens/\(newest)").status == 204 else {
            throw Disappointment("a token was not revoked")
        }
        things["token"] = try await made("/v1/tokens", ["scopes": ["read"]])
        things["hold"] = try await made("/v1/holds", ["scope": "prefix", "value": "+999"])
        things["channel"] = "sms"
        things["replay"] = try await made("/v1/replays", ["filter": ["reason": "refused"]], named: "replay")
        things["suppression"] = try await made("/v1/suppressions", ["email": "nobody@example.com"])
        for scope in scopes { tokens["without \(scope)"] = try await token(scopes.filter { $0 != scope }) }
        try post.setClock(ahead: .seconds(3601))
        let text = try await post.submit(Installation.text("honest", to: "+12012000000"))
        known.insert(try Accepted(text).delivery)
        for complaint in await beWell() { throw Disappointment(complaint) }
    }

    private func token(_ scopes: [String], _ more: JSONObject = [:]) async throws -> String {
        var body = more
        if scopes.contains("carry") { body["gateways"] = .array(gateways) }
        body["scopes"] = .array(scopes.map(JSONValue.string))
        let answer = try await post.call("POST", "/v1/tokens", .object(body))
        guard let token = answer.body["token"]?.string else { throw Disappointment("No token: \(answer.body)") }
        return token
    }

    /// Makes something, and returns its id.
    private func made(_ path: String, _ body: JSONValue, named name: String = "id") async throws -> String {
        let answer = try await post.call("POST", path, body)
        guard let id = answer.body[name]?.string else { throw Disappointment("Nothing was made: \(answer.body)") }
        return id
    }

    /// Sends one case and looks at the server afterwards.
    func run(_ probe: Probe.Case) async -> (answer: ProbeAnswer, complaints: [String]) {
        let request = probe.request
        let wire = ProbeWire(
            bytes: bytes(of: request),
            answers: request.cut == nil ? request.before.count + 1 : 0,
            isToHead: request.method == "HEAD",
            mustClose: probe.intention.closes,
            crowd: request.crowd
        )
        let back = await wire.exchange(port: port)
        let isComplete = back.answers.count == wire.answers
        let answer = ProbeAnswer(isComplete ? back.answers.last : nil, to: probe.intention)
        var complaints = answer.complaints(about: request)
        let earlier = back.answers.dropLast().map { ProbeAnswer($0, to: .accepted).status }
        if earlier != probe.intention.earlier { complaints.append("the answers before it were \(earlier)") }
        if probe.intention.closes, !back.isClosed { complaints.append("the connection was not closed") }
        if probe.intention.isAccepted {
            known.formUnion(answer.deliveries)
        } else if !answer.deliveries.isEmpty {
            complaints.append("something was accepted: \(answer.body.text)")
        }
        for message in back.answers.dropLast() { known.formUnion(ProbeAnswer(message, to: .accepted).deliveries) }
        return (answer, complaints + (await beWell()))
    }

    /// Whether nothing was accepted that should not be, the server is healthy, and an honest event is taken.
    private func beWell() async -> [String] {
        let id = "honest-\(number)"
        let event = Installation.event(id, to: id + "@example.com")
        let requests = [ProbeRequest.get("/v1/deliveries?limit=5"), ProbeRequest.get("/healthz"), .event(event)]
        let wire = ProbeWire(bytes: requests.flatMap { bytes(of: $0) }, answers: 3)
        let answers = await wire.exchange(port: port).answers
        guard answers.count == 3 else { return ["afterwards the server gave \(answers.count) of three answers"] }
        var complaints: [String] = []
        let newest = ProbeAnswer(answers[0], to: .accepted).body["items"]?.array?.compactMap { $0["id"]?.string }
        if !(newest.map { known.isSuperset(of: $0) } ?? false) {
            complaints.append("afterwards there is a delivery that nobody should have made")
            // It is told once.
            known.formUnion(newest ?? [])
        }
        if !answers[1].line.contains(" 200 ") { complaints.append("afterwards health is \(answers[1].line)") }
        let honest = ProbeAnswer(answers[2], to: .accepted)
        known.formUnion(honest.deliveries)
        if honest.status != 202 { complaints.append("afterwards an honest event was answered \(honest.status)") }
        delivery = honest.deliveries.first ?? delivery
        challenge = honest.body["challenge"]?["id"]?.string ?? challenge
        return complaints
    }

    /// The messages in the sandbox by their deliveries, once everything has come to an end.
    func messages() async throws -> [String: JSONValue] {
        for channel in ["email", "sms"] { try await post.rest(of: channel) }
        let items = try await post.call("GET", "/v1/sandbox").body["items"]?.array ?? []
        let pairs = items.compactMap { item in item["delivery"]?.string.map { ($0, item) } }
        return Dictionary(pairs) { first, _ in first }
    }
}
