import JSON

/// What was answered to a probe, as far as it stays the same from one run to the next.
struct ProbeAnswer: Sendable {
    let status: Int
    let body: JSONValue
    private let fields: HTTPMessage?
    private let intention: Intention
    /// What the answer or the message showed of that which was looked for.
    var seen: String?

    init(_ message: HTTPMessage?, to intention: Intention) {
        let parts = message?.line.split(separator: " ") ?? []
        status = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        body = message.flatMap { try? JSONValue(parsing: $0.body) } ?? .null
        (fields, self.intention) = (message, intention)
        if let sight = intention.sight, !sight.isInMessage { seen = sight.look(body) }
    }

    /// The problem, of a batch that of its only event.
    private var problem: JSONValue? {
        if intention.isInBatch { return body["results"]?.array?.first?["problem"] }
        guard let type = body["type"]?.string, type.hasPrefix("urn:gatepost:problem:") else { return Optional.none }
        return body
    }

    private var problemName: String? {
        problem?["type"]?.string?.split(separator: ":").last.map(String.init)
    }

    /// The deliveries that it says were made.
    var deliveries: [String] {
        let results = [body] + (body["results"]?.array ?? [])
        return results.flatMap { $0["deliveries"]?.array ?? [] }.compactMap { $0["id"]?.string }
    }

    // MARK: Judgement

    /// What is wrong with it, one sentence each.
    func complaints(about request: ProbeRequest) -> [String] {
        let wanted = intention.isInBatch ? 200 : intention.status
        guard status == wanted else { return ["it was answered \(status), not \(wanted): \(body.text)"] }
        if let allowed = intention.members["allowed"]?.array, status == 405,
            fields?.field("Allow") != allowed.compactMap(\.string).joined(separator: ", ")
        {
            return ["Allow is \(fields?.field("Allow") ?? "missing")"]
        }
        guard problemName == intention.problem else {
            return request.method == "HEAD" ? [] : ["the problem is \(problemName ?? "none"): \(body.text)"]
        }
        guard intention.problem != nil, let problem else { return [] }
        var complaints: [String] = []
        for member in intention.members.members where problem[member.name] != member.value {
            complaints.append("\(member.name) is not \(member.value.text): \(problem.text)")
        }
        let detail = problem["detail"]?.string ?? ""
        if problem["status"]?.int != Int64(intention.status) { complaints.append("status is another: \(problem.text)") }
        if problem["title"]?.string?.isEmpty ?? true || detail.isEmpty { complaints.append("it says nothing") }
        for name in ProbeAnswer.required[intention.problem ?? ""] ?? [] where problem[name] == nil {
            complaints.append("it has no \(name)")
        }
        if !intention.isInBatch, fields?.field("Content-Type") != "application/problem+json" {
            complaints.append("it is no application/problem+json")
        }
        if detail.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            complaints.append("it has control characters")
        }
        let words = ["title", "detail", "reason"].compactMap { problem[$0]?.string }.joined(separator: " ")
        for word in request.privateWords where words.contains(word) {
            complaints.append("it tells what is a person's: \(word)")
        }
        if status == 401, fields?.field("WWW-Authenticate") != "Bearer" {
            complaints.append("WWW-Authenticate is missing")
        }
        return complaints
    }

    /// Members without which a problem does not say enough; one of HTTP itself has no place to point to.
    private static let required = [
        "invalid-event": ["pointer", "reason"], "invalid-request": ["pointer", "reason"],
        "unauthenticated": ["scope"], "method-not-allowed": ["allowed"], "too-large": ["limit_bytes"],
        "unsupported-media-type": ["allowed"], "destination-refused": ["country", "reason", "other_channels"],
        "code-mismatch": ["tries_left"],
    ]

    // MARK: The table

    /// The answer in the table's words.
    var text: String {
        guard status > 0 else { return "none" }
        var text = intention.earlier.map { "\($0), " }.joined() + "\(status)"
        guard let problem else {
            if status == 405 { return text + " without a body" }
            if status >= 400 { return text + " with a body that is no problem document. The connection is closed." }
            if let status = body["status"]?.string { text += " \(status)" }
            if let sight = intention.sight { text += "; \(sight.words) \(seen.map(markdownCode) ?? "not seen")" }
            return text
        }
        if intention.isInBatch { text += ", refused: \(problem["status"]?.int ?? 0)" }
        text += " `\(problemName ?? "")`"
        for (name, value) in facts(of: problem) { text += ", \(name) \(value)" }
        text += ": \(problem["detail"]?.string ?? "")"
        return text + (intention.closes ? " The connection is closed." : "")
    }

    private func facts(of problem: JSONValue) -> [(String, String)] {
        let names = [
            "pointer", "offset", "scope", "allowed", "limit_bytes", "limit_events", "country", "reason",
            "other_channels", "tries_left",
        ]
        return names.compactMap { name in
            guard let value = problem[name], name != "reason" || value != problem["detail"] else { return nil }
            switch value {
            case .string(let text): return (name, markdownCode(shortened(text)))
            default: return (name, markdownCode(value.text))
            }
        }
    }
}
