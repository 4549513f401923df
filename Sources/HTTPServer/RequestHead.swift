/// Request line and header of a request whose framing is sound and whose body is still to come.
package struct RequestHead: Sendable {
    package let method: String
    package let target: Target
    package let headers: Headers
    let framing: Framing

    init(method: String, rawTarget: String, headers: Headers, isHTTP11: Bool) throws(Rejection) {
        framing = try Framing(of: headers, isHTTP11: isHTTP11)
        guard let target = Target(rawTarget) else { throw .malformed(.target) }
        guard !method.isEmpty, method.utf8.allSatisfy(Token.contains) else { throw .malformed(.layout) }
        self.method = method
        self.target = target
        self.headers = headers
    }

    func request(body: [UInt8], peer: Peer) -> Request {
        Request(method: method, target: target, headers: headers, body: body, peer: peer)
    }
}

/// The characters of methods and field names (RFC 9110, section 5.6.2).
enum Token {
    static func contains(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^"),
            UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
