private import AuthEvents
import Clocks
import Dispatch
import HTTPServer
import JSON

extension API {
    /// Answers `GET` and `DELETE /v1/sandbox`.
    func sandbox(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .sandbox)
        guard let folder = sandbox else {
            throw Problem(
                .notFound,
                "These settings have no sandbox; sandbox.enabled = true makes one at the next start."
            )
        }
        guard request.method != "DELETE" else {
            // Who names an address here must not clear those of all others.
            try request.refuseQuery()
            await offPool { folder.clear(of: principal.tenant?.description) }
            return .noContent
        }
        let query = try QueryReader(request, ["to", "channel", "since"])
        let to = query.take("to")?.lowercased()
        let channel = try query.take("channel", of: Channel.allCases.map(\.name), Channel.init(name:))
        let since = try query.take("since", "be an RFC 3339 date-time such as 2026-11-21T10:00:00Z") {
            Instant(ofRequest: $0)
        }
        let now = time.now()
        let messages = await offPool { folder.messages(at: now) }
        let items = messages.filter { message in
            if let to, message["to"]?.string?.lowercased() != to { return false }
            if let channel, message["channel"]?.string != channel.name { return false }
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
