package import AuthEvents
package import HTTPServer
package import JSON

/// An answer that says what was not done and what to do about it (RFC 9457, `application/problem+json`).
package struct Problem: Error, Equatable {
    package enum Name: String, Sendable, CaseIterable {
        case malformed, unauthenticated, forbidden, conflict, suppressed, held, unavailable
        case invalidEvent = "invalid-event"
        case invalidRequest = "invalid-request"
        case destinationRefused = "destination-refused"
        case notFound = "not-found"
        case methodNotAllowed = "method-not-allowed"
        case unsupportedMediaType = "unsupported-media-type"
        case tooLarge = "too-large"
        case codeMismatch = "code-mismatch"
        case codeExpired = "code-expired"
        case codeUsed = "code-used"
        case tooManyTries = "too-many-tries"
        case overBudget = "over-budget"
        case notAcceptable = "not-acceptable"
        case rateLimited = "rate-limited"

        var status: Int {
            switch self {
            case .malformed: 400
            case .unauthenticated: 401
            case .forbidden: 403
            case .notFound: 404
            case .methodNotAllowed: 405
            case .notAcceptable: 406
            case .conflict, .codeUsed: 409
            case .codeExpired: 410
            case .tooLarge: 413
            case .unsupportedMediaType: 415
            case .invalidEvent, .invalidRequest, .destinationRefused, .suppressed, .held, .codeMismatch: 422
            case .tooManyTries, .overBudget, .rateLimited: 429
            case .unavailable: 503
            }
        }

        var title: String {
            switch self {
            case .malformed: "The request is not well formed"
            case .unauthenticated: "Who asks is not known"
            case .forbidden: "This is not allowed"
            case .notFound: "There is no such thing"
            case .methodNotAllowed: "The method is not for this path"
            case .overBudget: "A budget has no room for it"
            case .rateLimited: "It comes too soon"
            case .notAcceptable: "It does not come in this form"
            case .conflict: "It contradicts what was accepted before"
            case .codeUsed: "The code was used"
            case .codeExpired: "The code has expired"
            case .tooLarge: "The request is too large"
            case .unsupportedMediaType: "The media type is not taken here"
            case .invalidEvent: "The event is not valid"
            case .invalidRequest: "The request is not valid"
            case .destinationRefused: "The destination is not written to"
            case .suppressed: "The recipient is suppressed"
            case .held: "The destination is held"
            case .codeMismatch: "The code is not right"
            case .tooManyTries: "There are no tries left"
            case .unavailable: "The service cannot do it now"
            }
        }
    }

    package var name: Name
    /// A sentence that says what to do.
    package var detail: String
    package var members: JSONObject
    /// Seconds.
    package var retryAfter: Int64?

    package init(_ name: Name, _ detail: String, _ members: JSONObject = [:], retryAfter: Int64? = nil) {
        (self.name, self.detail, self.members, self.retryAfter) = (name, detail, members, retryAfter)
    }

    /// The same about something that can be asked for by this name.
    package func named(_ id: RefusalID) -> Problem {
        var problem = self
        problem.members["instance"] = .string("\(id)")
        return problem
    }

    package var json: JSONObject {
        var object: JSONObject = [
            "type": .string("urn:gatepost:problem:\(name.rawValue)"), "title": .string(name.title),
            "status": .integer(Int64(name.status)), "detail": .string(detail),
        ]
        for member in members.members { object[member.name] = member.value }
        if let retryAfter { object["retry_after"] = .integer(retryAfter) }
        return object
    }

    package var response: Response {
        var headers = [("Content-Type", "application/problem+json")]
        if let retryAfter { headers.append(("Retry-After", String(retryAfter))) }
        if name == .unauthenticated { headers.append(("WWW-Authenticate", "Bearer")) }
        if name == .methodNotAllowed, let allowed = members["allowed"]?.array {
            headers.append(("Allow", allowed.compactMap(\.string).joined(separator: ", ")))
        }
        return Response(status: name.status, headers: headers, body: JSONValue.object(json).serialized())
    }
}

extension Problem {
    static let notFound = Problem(.notFound, "Check the path and the id; what belongs to another tenant is not shown.")

    static func methodNotAllowed(_ allowed: [String]) -> Problem {
        Problem(
            .methodNotAllowed,
            "Use \(allowed.joined(separator: " or ")).",
            ["allowed": .array(allowed.map(JSONValue.string))]
        )
    }

    static func unsupportedMediaType(_ allowed: [String]) -> Problem {
        Problem(
            .unsupportedMediaType,
            "Send the body as \(allowed.joined(separator: " or ")) and say so in Content-Type.",
            ["allowed": .array(allowed.map(JSONValue.string))]
        )
    }

    static func tooLarge(_ detail: String, limit: Int) -> Problem {
        Problem(.tooLarge, detail, ["limit_bytes": .integer(Int64(limit))])
    }

    static func invalidRequest(_ pointer: JSONPointer, _ reason: String) -> Problem {
        Problem(.invalidRequest, reason, ["pointer": .string("\(pointer)"), "reason": .string(reason)])
    }
}
