import JSON

extension ProbeTheme {
    static let modes = ProbeTheme(
        "Media types and binary mode",
        [
            Probe(
                "another media type",
                wrongTypes.map { type in
                    var each = Probe.Case.data([:], .mediaType(allowed))
                    each.shown = markdownCode(type)
                    each.request.fields = [("Content-Type", type)]
                    return each
                }
            ),
            Probe(
                "another media type with attributes in the header",
                ["text/plain", "application/xml"].map { type in
                    var each = binary([], .mediaType(allowed))
                    each.shown = markdownCode(type)
                    each.request.fields[0] = ("Content-Type", type)
                    return each
                }
            ),
            Probe(
                "no media type",
                [
                    typed(nil, shown: "an event", .accepted),
                    typed("Application/CloudEvents+JSON; charset=utf-8", shown: "capitals and a parameter", .accepted),
                ]
            ),
            Probe(
                "an attribute that is missing in binary mode",
                ["specversion", "id", "source", "type"].map { name in
                    binary([], without: name, .event("/" + name)).of(name)
                }
            ),
            Probe(
                "an attribute in binary mode",
                [
                    binary([("ce-id", "a"), ("ce-id", "b")], .event("/id")),
                    binary([("ce-id", "%4")], .event("/id")),
                    binary([("ce-id", "%ff")], .event("/id")),
                    binary([("ce-id", "%C0%AF")], .event("/id")),
                    binary([("ce-id", "%00")], .event("/id")),
                    binary([("ce-id", "\"a")], .event("/id")),
                    binary([("ce-id", "\u{20ac}")], .event("/id")),
                    binary([("ce-id", "")], .event("/id")),
                    binary([("ce-specversion", "0.3")], .event("/specversion")),
                    binary([("ce-type", "auth.nonsense")], .event("/type")),
                    binary([("ce-time", "soon")], .event("/time")),
                    binary([("ce-data", "{}")], .event("/data")),
                    binary([("ce-datacontenttype", "text/plain")], .event("/datacontenttype")),
                    binary([("ce-my_attribute", "1")], .event("/my_attribute")),
                    binary([("ce-", "1")], .event("/")),
                ]
            ),
            Probe(
                "data in binary mode",
                [
                    binary([], body: "", .event("/data")),
                    binary([], body: "[]", .event("/data")),
                    binary([], body: "null", .event("/data")),
                    binary([], body: #""a""#, .event("/data")),
                    binary([], body: "{", .malformed(at: 1)),
                    binary([], body: #"{"emial":"a@example.com"}"#, .event("/data/emial")),
                    binary([], body: #"{"email":null}"#, .event("/data/email")),
                    binary([], body: #"{"email":1}"#, .event("/data/email")),
                    binary([], body: #"{"locale":"en"}"#, .event("/data/email")),
                    binary([], body: #"{"email":"a@example.com","email":"b@example.com"}"#, .malformed("/email")),
                ]
            ),
        ]
    )

    private static let wrongTypes = [
        "text/plain", "application/json", "application/cloudevents", "application/cloudevents+xml",
        "multipart/form-data; boundary=a", "application/cloudevents+json, application/json",
    ]

    private static let allowed: JSONValue = [
        "application/cloudevents+json", "application/cloudevents-batch+json", "application/json",
    ]

    private static func typed(_ type: String?, shown: String, _ intention: Intention) -> Probe.Case {
        var each = Probe.Case.data([:], shown: shown, intention)
        each.request.fields = type.map { [("Content-Type", $0)] } ?? []
        return each
    }

    /// An event in binary mode; fields that are given take the place of those that are in order.
    private static func binary(
        _ fields: [(String, String)],
        without: String? = nil,
        body: String? = nil,
        _ intention: Intention
    ) -> Probe.Case {
        let standard = [
            ("ce-specversion", "1.0"), ("ce-id", "b1"), ("ce-source", "/probes"), ("ce-type", "auth.recovery"),
        ]
        let others = standard.filter { field in
            field.0 != "ce-" + (without ?? "") && !fields.contains { $0.0 == field.0 }
        }
        let shown = fields.map { markdownCode("\($0.0): \($0.1)") }.joined(separator: " and ")
        return Probe.Case(
            shown: body.map { $0.isEmpty ? "an empty body" : markdownCode($0) } ?? shown,
            request: ProbeRequest(
                fields: [("Content-Type", "application/json")] + others + fields,
                body: .text(body ?? #"{"email":"p{n}@example.com"}"#)
            ),
            intention: intention
        )
    }
}
