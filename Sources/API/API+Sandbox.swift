private import AuthEvents
import Clocks
import Dispatch
import HTTPServer
import JSON

extension API {
    /// Answers `GET` and `DELETE /v1/sandbox`.
    func sandbox(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .sandbox)
        guard let folder = sandbox else { throw .notFound }
        guard request.method != "DELETE" else {
            await offPool { folder.clear(of: principal.tenant?.description) }
            return .noContent
        }
        guard let query = request.target.query else {
            throw .invalidRequest(JSONPointer(), "The query has a percent sign without two hexadecimal digits.")
        }
        var since: Instant?
        for (name, value) in query {
            switch name {
            case "since":
                guard let instant = Instant(rfc3339: value) else {
                    throw .invalidRequest(JSONPointer().appending(name), "since must be an RFC 3339 date-time.")
                }
                since = instant
            case "to", "channel": continue
            default: throw .invalidRequest(JSONPointer().appending(name), "\(name.prefix(32)) is not known here.")
            }
        }
        func wanted(_ name: String) -> String? { query.first { $0.name == name }?.value }
        let now = time.now()
        let messages = await offPool { folder.messages(at: now) }
        let items = messages.filter { message in
            if let to = wanted("to"), message["to"]?.string?.lowercased() != to.lowercased() { return false }
            if let channel = wanted("channel"), message["channel"]?.string != channel { return false }
            if let since, let at = message["at"]?.string.flatMap(Instant.init(rfc3339:)), at < since { return false }
            return principal.tenant == nil || message["tenant"]?.string == principal.tenant?.description
        }
        return .json(["items": .array(items)])
    }
}

/// Runs blocking work off the cooperative pool.
private func offPool<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(returning: work()) }
    }
}
