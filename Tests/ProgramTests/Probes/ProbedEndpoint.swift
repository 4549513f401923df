import JSON

/// An endpoint, with a request that it would take from who may ask.
struct ProbedEndpoint: Sendable {
    /// What a token of another tenant, with every scope, is to be answered.
    enum ToOthers: Sendable {
        case refused(Intention)
        /// It would be served: the endpoint knows no tenants.
        case notAsked
    }

    var method: String
    var path: String
    /// As the documents write it.
    var name: String
    /// `nil`: anybody may ask.
    var scope: String?
    var body: String?
    var type = "application/json"
    var toOthers: ToOthers

    /// A new endpoint is one line here.
    static let all: [ProbedEndpoint] = [
        .init(
            "POST /v1/events",
            "events",
            event,
            type: "application/cloudevents+json",
            foreign: .refused(.forbidden("events"))
        ),
        .init(
            "POST /v1/challenges/{id}/verify",
            of: "challenge",
            "codes",
            #"{"code":"000000"}"#,
            foreign: .refused(.notFound)
        ),
        .init("POST /v1/verify", "codes", person, foreign: .refused(.forbidden("codes"))),
        .init("GET /v1/challenges/{id}", of: "challenge", "codes", foreign: .refused(.notFound)),
        .init("GET /v1/deliveries", query: "tenant=default", "read", foreign: .refused(.notFound)),
        .init(
            "POST /v1/deliveries/search",
            "read",
            #"{"email":"nobody@example.com","tenant":"default"}"#,
            foreign: .refused(.forbidden("read"))
        ),
        .init("GET /v1/deliveries/{id}", of: "delivery", "read", foreign: .refused(.notFound)),
        .init("GET /v1/deliveries/{id}/explain", of: "delivery", "read", foreign: .refused(.notFound)),
        .init("POST /v1/deliveries/{id}/cancel", of: "delivery", "operate", foreign: .refused(.notFound)),
        .init("POST /v1/queues/{channel}/pause", "operate", foreign: .refused(.forbidden("operate"))),
        .init("POST /v1/queues/{channel}/resume", "operate", foreign: .refused(.forbidden("operate"))),
        .init("POST /v1/gateways/probe", "operate", #"{"gateways":[]}"#, foreign: .refused(.forbidden("operate"))),
        .init("GET /v1/status", "read", foreign: .refused(nothing(in: "budgets"))),
        .init("GET /v1/spend", "read", foreign: .refused(nothing(in: "rows"))),
        .init("GET /v1/ledger", "read", foreign: .refused(noBody)),
        .init("POST /v1/ledger/verify", "read", foreign: .refused(.forbidden("read"))),
        .init(
            "POST /v1/price",
            "read",
            #"{"number":"+12012000001","tenant":"default"}"#,
            foreign: .refused(.forbidden("read"))
        ),
        .init("GET /v1/holds", "operate", foreign: .refused(nothing(in: "items"))),
        .init(
            "POST /v1/holds",
            "operate",
            #"{"scope":"prefix","value":"+999"}"#,
            foreign: .refused(.forbidden("operate"))
        ),
        .init("DELETE /v1/holds", query: "id={hold}", "operate", foreign: .refused(.notFound)),
        .init("DELETE /v1/holds/{id}", of: "hold", "operate", foreign: .refused(.notFound)),
        .init("GET /v1/suppressions", "operate", foreign: .refused(nothing(in: "items"))),
        .init(
            "POST /v1/suppressions",
            "operate",
            #"{"email":"nobody@example.com","tenant":"default"}"#,
            foreign: .refused(.forbidden("operate"))
        ),
        .init("DELETE /v1/suppressions", query: "id={suppression}", "operate", foreign: .refused(.notFound)),
        .init("DELETE /v1/suppressions/{id}", of: "suppression", "operate", foreign: .refused(.notFound)),
        .init(
            "POST /v1/erasures",
            "admin",
            #"{"email":"nobody@example.com","tenant":"default"}"#,
            foreign: .refused(.forbidden("admin"))
        ),
        .init(
            "POST /v1/replays",
            "spend",
            #"{"filter":{"tenant":"default","reason":"refused"}}"#,
            foreign: .refused(.notFound)
        ),
        .init("GET /v1/replays/{id}", of: "replay", "read", foreign: .refused(.notFound)),
        .init("POST /v1/replays/{id}/stop", of: "replay", "spend", foreign: .refused(.notFound)),
        .init("GET /v1/tokens", query: "tenant=default", "admin", foreign: .refused(.notFound)),
        .init(
            "POST /v1/tokens",
            "admin",
            #"{"scopes":["read"],"tenant":"default"}"#,
            foreign: .refused(.forbidden("admin"))
        ),
        .init("DELETE /v1/tokens", query: "id={token}", "admin", foreign: .refused(.notFound)),
        .init("DELETE /v1/tokens/{id}", of: "token", "admin", foreign: .refused(.notFound)),
        .init("GET /v1/keys", "admin", foreign: .refused(.forbidden("admin"))),
        .init("POST /v1/backup", "admin", foreign: .refused(.forbidden("admin"))),
        .init("GET /metrics", "read", foreign: .refused(.forbidden("read"))),
        .init("GET /v1/sandbox", "sandbox", foreign: .refused(nothing(in: "items"))),
        .init("DELETE /v1/sandbox", "sandbox", foreign: .refused(Intention(status: 204))),
        .init("POST /v1/carriers/claim", "carry", claim, foreign: .refused(.forbidden("carry"))),
        .init(
            "POST /v1/carriers/begin",
            "carry",
            #"{"items":[{"token":"none"}]}"#,
            foreign: .refused(.forbidden("carry"))
        ),
        .init("POST /v1/carriers/settle", "carry", settlement, foreign: .refused(.forbidden("carry"))),
        .init("GET /openapi.json", nil, foreign: .notAsked),
        .init("GET /healthz", nil, foreign: .notAsked),
        .init("GET /readyz", nil, foreign: .notAsked),
    ]

    private static let event = """
        {"specversion":"1.0","id":"e{n}","source":"/probes","type":"auth.sign_up",\
        "data":{"email":"e{n}@example.com","tenant":"default"}}
        """
    private static let person =
        #"{"purpose":"sign_up","email":"honest-1@example.com","tenant":"default","code":"000000"}"#
    private static let claim =
        #"{"carrier":"probe","instance":"probe","channel":"email","gateways":["nowhere"],"wait_ms":0}"#
    private static let settlement = #"{"outcomes":[{"token":"none","result":"retry"}]}"#

    private static func nothing(in name: String) -> Intention {
        .answered("`\(name)`", "[]") { body in
            body[name]?.text
        }
    }

    /// An answer without a line is no JSON at all.
    private static let noBody = Intention.answered("its body", "empty") { $0.isNull ? "empty" : "not empty" }

    init(
        _ name: String,
        of thing: String? = nil,
        query: String? = nil,
        _ scope: String?,
        _ body: String? = nil,
        type: String = "application/json",
        foreign: ToOthers
    ) {
        let words = name.split(separator: " ").map(String.init)
        (self.name, method) = (name, words[0])
        path = words[1].replacing("{id}", with: "{\(thing ?? "id")}") + (query.map { "?" + $0 } ?? "")
        (self.scope, self.body, self.type, self.toOthers) = (scope, body, type, foreign)
    }

    func request(_ bearer: ProbeRequest.Bearer) -> ProbeRequest {
        var request = ProbeRequest.post(path, body, type: body == nil ? nil : type)
        (request.method, request.bearer) = (method, bearer)
        return request
    }

    /// The path without its query.
    var bare: String { String(path.prefix { $0 != "?" }) }

    /// The path as the documents write it.
    var documented: String { String(name.split(separator: " ")[1]) }

    /// What a path is taken with, in the order of the list.
    static func methods(of path: String) -> [String] { all.filter { $0.bare == path }.map(\.method) }

    /// Those that read a JSON object, events apart.
    static var readingObjects: [ProbedEndpoint] { all.filter { $0.body != nil && $0.path != "/v1/events" } }
}
