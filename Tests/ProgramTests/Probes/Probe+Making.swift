import JSON

extension Probe.Case {
    /// A body for `POST /v1/events`, in structured mode.
    static func body(_ text: String, shown: String? = nil, _ intention: Intention) -> Probe.Case {
        Probe.Case(
            shown: shown ?? markdownCode(shortened(text)),
            request: ProbeRequest(body: .text(text)),
            intention: intention
        )
    }

    static func body(_ bytes: [UInt8], shown: String, _ intention: Intention) -> Probe.Case {
        Probe.Case(shown: shown, request: ProbeRequest(body: .bytes(bytes)), intention: intention)
    }

    /// An envelope that is in order but for these attributes; `.null` stands in it, `without` is left out.
    static func envelope(
        _ attributes: JSONObject,
        without: String? = nil,
        shown: String? = nil,
        _ intention: Intention
    ) -> Probe.Case {
        var event = Probe.event("recovery", ["email": "p{n}@example.com"])
        for attribute in attributes.members { event[attribute.name] = attribute.value }
        if let without { event[without] = nil }
        return Probe.Case(
            shown: shown ?? markdownCode(shortened(attributes.text)),
            request: .event(.object(event)),
            intention: intention
        )
    }

    /// An event whose data are in order but for these members.
    static func data(
        _ members: JSONObject,
        of type: String = "recovery",
        without: String? = nil,
        shown: String? = nil,
        _ intention: Intention
    ) -> Probe.Case {
        var data: JSONObject = type == "mfa" ? ["phone": "+12012000001"] : ["email": "p{n}@example.com"]
        for member in members.members { data[member.name] = member.value }
        if let without { data[without] = nil }
        return Probe.Case(
            shown: shown ?? markdownCode(shortened(members.text)),
            request: .event(.object(Probe.event(type, data))),
            intention: intention
        )
    }

    /// The same event alone in a batch.
    var inBatch: Probe.Case {
        var batch = self
        if case .text(let text)? = request.body { batch.request.body = .text("[\(text)]") }
        batch.request.fields = [("Content-Type", "application/cloudevents-batch+json")]
        batch.intention = intention.inBatch
        return batch
    }

    /// One row for what differs in the name of a member only.
    func of(_ member: String) -> Probe.Case {
        var like = self
        like.shown = markdownCode(member)
        like.standIns = [("/\(member)`", "/…`"), (": \(member) ", ": … ")]
        return like
    }
}

extension Probe {
    static func event(_ type: String, _ data: JSONObject) -> JSONObject {
        [
            "specversion": "1.0", "id": "p{n}", "source": "/probes", "type": .string("auth." + type),
            "data": .object(data),
        ]
    }
}

extension JSONObject {
    var text: String { JSONValue.object(self).text }
}

extension JSONValue {
    var text: String { String(decoding: serialized(), as: UTF8.self) }
}
