package import JSON
package import Transfer

/// Where the server listens, and what it lets us in with.
package enum ServerPlace: Sendable, Equatable {
    /// A Unix socket on this machine; who we are is the kernel's word.
    case socket(path: String)
    /// `https://…`, with a bearer token.
    case url(String, token: String)
}

/// Why there is no answer.
package struct LinkFailure: Error, Equatable, CustomStringConvertible {
    /// Whether the server may have done what was asked.
    package var mayHaveRun: Bool
    package var reason: String
    /// Whether the server has read what was asked and will never take it so: the same again has the same answer.
    package var isFinal: Bool

    package init(mayHaveRun: Bool, reason: String, isFinal: Bool = false) {
        (self.mayHaveRun, self.reason, self.isFinal) = (mayHaveRun, reason, isFinal)
    }

    package var description: String { reason }
}

/// The server's answer.
package struct LinkAnswer: Sendable {
    package var status: Int
    /// `null` where the body is empty or no JSON.
    package var body: JSONValue

    package init(status: Int, body: JSONValue) {
        (self.status, self.body) = (status, body)
    }

    package var isSuccess: Bool { (200..<300).contains(status) }

    /// Whether what was asked is malformed, too large or not as it must be.
    package var isFinalRefusal: Bool { [400, 413, 422].contains(status) }

    /// The `detail` of a problem, or the status.
    package var complaint: String { body["detail"]?.string ?? "the server answered \(status)" }
}

/// Calls of the server's endpoints over one kept-alive connection or a few.
package struct ServerLink: Sendable {
    private let transfers: Transfers
    private let place: ServerPlace
    /// The largest answer that is read: a claim of a thousand mails.
    private static let largestAnswer = 64 << 20

    package init(to place: ServerPlace, transfers: Transfers) {
        (self.place, self.transfers) = (place, transfers)
    }

    /// Calls an endpoint.
    ///
    /// `path`: With its query, percent-encoded.
    ///
    /// `timeout`: For the whole call; a long poll needs its wait on top.
    package func call(
        _ method: String,
        _ path: String,
        _ body: JSONValue? = nil,
        type: String = "application/json",
        headers: [(name: String, value: String)] = [],
        timeout: Duration = .seconds(30)
    ) async throws(LinkFailure) -> LinkAnswer {
        var headers = headers
        if body != nil { headers.append(("Content-Type", type)) }
        let base: String
        var socket: String?
        switch place {
        case .socket(let path):
            base = "http://localhost"
            socket = path
        case .url(let url, let token):
            base = url.hasSuffix("/") ? String(url.dropLast()) : url
            headers.append(("Authorization", "Bearer " + token))
        }
        let exchange = HTTPExchange(
            method: method,
            url: base + path,
            unixSocket: socket,
            headers: headers,
            body: body?.serialized(),
            timeout: timeout,
            maximumAnswerBytes: ServerLink.largestAnswer
        )
        var result = await transfers.http(exchange)
        // A kept connection that the server closed, as after its restart: nothing left this process, so once more is safe.
        if case .failed(let failure) = result, failure.kind == .notSent { result = await transfers.http(exchange) }
        switch result {
        case .failed(let failure):
            let didNotRun = [.unreachable, .notSent, .invalid].contains(failure.kind)
            throw LinkFailure(mayHaveRun: !didNotRun, reason: failure.reason)
        case .answered(let answer):
            // An empty answer, or one of something that is not our server: the status is all there is to say.
            let body = (try? JSONValue(parsing: answer.body)) ?? .null
            return LinkAnswer(status: answer.status, body: body)
        }
    }
}
