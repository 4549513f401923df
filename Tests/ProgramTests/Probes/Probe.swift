import JSON

/// Something that should not be asked for, in one or more spellings, and what is to be answered to each.
struct Probe: Sendable {
    /// One spelling.
    struct Case: Sendable {
        /// The request in short, for the table.
        var shown: String
        var request: ProbeRequest
        var intention: Intention
        /// What differs between cases and is not worth a row each: the text in the answer, and what stands for it.
        var standIns: [(text: String, replacement: String)] = []
    }

    var name: String
    var cases: [Case]

    init(_ name: String, _ cases: [Case]) {
        (self.name, self.cases) = (name, cases)
    }

    init(_ name: String, _ shown: String, _ request: ProbeRequest, _ intention: Intention) {
        self.init(name, [Case(shown: shown, request: request, intention: intention)])
    }
}

/// Probes of one kind, which stand in one table.
struct ProbeTheme: Sendable {
    var title: String
    var probes: [Probe]

    init(_ title: String, _ probes: [Probe]) {
        (self.title, self.probes) = (title, probes)
    }
}

/// What is to be answered, said before anything is asked, so that the table cannot bless a wrong answer.
struct Intention: Sendable {
    /// Something that an answer, or the message of an event that is taken, must show.
    struct Sight: Sendable {
        var words: String
        var isInMessage: Bool
        var look: @Sendable (JSONValue) -> String?
        var expected: String
    }

    /// 0: no answer at all.
    var status: Int
    /// The name of the problem; `nil` where the request is taken.
    var problem: String?
    /// Members that the problem must have, with these values.
    var members: JSONObject = [:]
    /// Whether the event is refused within a batch that is answered 200.
    var isInBatch = false
    /// Whether the server must close the connection.
    var closes = false
    /// The statuses of the answers before it, where more than one request is sent at once.
    var earlier: [Int] = []
    var sight: Sight?

    /// Whether a delivery is made.
    var isAccepted: Bool { status == 202 }
}

extension Intention {
    static func event(_ pointer: String) -> Intention {
        Intention(status: 422, problem: "invalid-event", members: ["pointer": .string(pointer)])
    }

    static func request(_ pointer: String) -> Intention {
        Intention(status: 422, problem: "invalid-request", members: ["pointer": .string(pointer)])
    }

    static func malformed(at offset: Int) -> Intention {
        Intention(status: 400, problem: "malformed", members: ["offset": .integer(Int64(offset))])
    }

    static func malformed(_ pointer: String) -> Intention {
        Intention(status: 400, problem: "malformed", members: ["pointer": .string(pointer)])
    }

    /// What the HTTP library cannot parse it answers itself.
    static let unread = Intention(status: 400, closes: true)

    /// A request that breaks HTTP; the connection ends with it.
    static let broken = Intention(status: 400, problem: "malformed", closes: true)

    static func tooLarge(_ limit: Int64) -> Intention {
        Intention(status: 413, problem: "too-large", members: ["limit_bytes": .integer(limit)])
    }

    static func mediaType(_ allowed: JSONValue) -> Intention {
        Intention(status: 415, problem: "unsupported-media-type", members: ["allowed": allowed])
    }

    static func destination(_ reason: String, _ country: JSONValue) -> Intention {
        Intention(
            status: 422,
            problem: "destination-refused",
            members: ["reason": .string(reason), "country": country]
        )
    }

    static func forbidden(_ scope: String?) -> Intention {
        var members = JSONObject()
        if let scope { members["scope"] = .string(scope) }
        return Intention(status: 403, problem: "forbidden", members: members)
    }

    static let notFound = Intention(status: 404, problem: "not-found")
    static let mismatch = Intention(status: 422, problem: "code-mismatch")
    static let unanswered = Intention(status: 0)
    static let accepted = Intention(status: 202)

    /// Taken, with a message that shows this in one of its members.
    static func accepted(_ member: String, _ expected: String, in words: String? = nil) -> Intention {
        accepted(words ?? "`\(member)` is", expected) { message in
            guard let text = message[member]?.string else { return nil }
            return text.contains(expected) ? expected : nil
        }
    }

    static func accepted(
        _ words: String,
        _ expected: String,
        look: @escaping @Sendable (JSONValue) -> String?
    ) -> Intention {
        Intention(status: 202, sight: Sight(words: words, isInMessage: true, look: look, expected: expected))
    }

    /// Answered 200 with a body that shows this.
    static func answered(
        _ words: String,
        _ expected: String,
        look: @escaping @Sendable (JSONValue) -> String?
    ) -> Intention {
        Intention(status: 200, sight: Sight(words: words, isInMessage: false, look: look, expected: expected))
    }

    /// The same of the only event of a batch.
    var inBatch: Intention {
        var intention = self
        intention.isInBatch = true
        return intention
    }
}
