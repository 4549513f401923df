/// One HTTP request, complete with its body.
package struct Request: Sendable {
    /// The method as it was sent; methods are case-sensitive (RFC 9110, section 9.1) and any token is let through.
    package let method: String
    package let target: Target
    package let headers: Headers
    /// The body, chunks put together; empty when there was none.
    package let body: [UInt8]
    package let peer: Peer

    package init(method: String, target: Target, headers: Headers = Headers(), body: [UInt8] = [], peer: Peer) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.peer = peer
    }

    /// The path as it was sent; ``Target/segments`` are its decoded parts.
    package var path: String { target.path }
}
