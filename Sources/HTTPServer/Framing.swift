/// How the end of a request's body is known (RFC 9112, section 6).
enum Framing: Equatable, Sendable {
    case none
    case length(Int)
    case chunked

    /// Fields of which a second one would let two readers see different requests.
    private static let singleFields = [
        "Host", "Content-Length", "Transfer-Encoding", "Content-Type", "Authorization", "Idempotency-Key",
    ]

    /// Reads the framing, and refuses every header that two readers could understand differently.
    init(of headers: Headers, isHTTP11: Bool) throws(Rejection) {
        for name in Self.singleFields where headers.count(of: name) > 1 { throw .malformed(.repeatedField) }
        if isHTTP11, headers["Host"] == nil { throw .malformed(.host) }
        let length = headers["Content-Length"]
        if let coding = headers["Transfer-Encoding"] {
            guard length == nil else { throw .malformed(.framing) }
            guard isHTTP11, coding.lowercased() == "chunked" else { throw .malformed(.transferEncoding) }
            self = .chunked
        } else if let length {
            guard !length.isEmpty, length.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(length)
            else {
                throw .malformed(.contentLength)
            }
            self = number == 0 ? .none : .length(number)
        } else {
            self = .none
        }
    }
}
