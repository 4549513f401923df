/// Why the listener answers a request itself, closes the connection and never calls the handler.
package enum Rejection: Error, Equatable, Sendable {
    /// The request breaks HTTP, or two readers could understand it differently (request smuggling).
    case malformed(Malformation)
    /// The body exceeds what this request may have, at most ``ServerLimits/maximumBodyBytes``.
    case bodyTooLarge(limit: Int)
    /// Request line and header together exceed ``ServerLimits/maximumHeaderBytes``.
    case headerTooLarge(limit: Int)
    /// Header or body did not arrive by their deadline.
    case tooSlow
    /// The bodies that are being received take too much of ``ServerLimits/maximumBufferedBytes`` for this one.
    case overloaded

    /// What is wrong with a malformed request.
    package enum Malformation: String, Sendable {
        case target = "the request target is not a path of printable characters"
        case layout = "the request line or the header has line ends, blanks or control characters where none may stand"
        case fieldName = "a header field name is not a token"
        case fieldValue = "a header field value holds a control character"
        case repeatedField = "a header field that must stand alone is repeated"
        case contentLength = "Content-Length is not a number"
        case framing = "Content-Length and Transfer-Encoding stand together"
        case transferEncoding = "the only transfer encoding is chunked, in HTTP/1.1"
        case host = "HTTP/1.1 requires Host"
    }

    /// The status that fits: 400, 408, 413, 431 or 503.
    package var status: Int {
        switch self {
        case .malformed: 400
        case .tooSlow: 408
        case .bodyTooLarge: 413
        case .headerTooLarge: 431
        case .overloaded: 503
        }
    }

    /// After how many seconds the same request may be taken, where time helps.
    package var retryAfter: Int? { self == .overloaded ? 1 : nil }
}

extension Rejection: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let malformation):
            "The request was not run because \(malformation.rawValue). Correct the request and send it again."
        case .bodyTooLarge(let limit):
            "The request was not run because its body exceeds \(limit) bytes. Send less at a time."
        case .headerTooLarge(let limit):
            "The request was not run because its header exceeds \(limit) bytes. Send fewer or shorter fields."
        case .tooSlow: "The request was not run because it did not arrive in time. Send it again without pauses."
        case .overloaded:
            "The request was not run because too much is being received at once. Send it again in a second."
        }
    }
}
