/// One HTTP request, and how long and how much its answer may take.
package struct HTTPExchange: Sendable {
    package var method: String

    /// With the scheme `http` or `https`.
    ///
    /// For a Unix socket the host is only a name in the `Host` field.
    package var url: String

    /// The path of the socket to connect to instead of the host of ``url``, at most 107 bytes.
    package var unixSocket: String?

    /// Fields of the request.
    ///
    /// `Content-Length` and `Transfer-Encoding` follow from ``body``.
    package var headers: [(name: String, value: String)]

    package var body: [UInt8]?

    /// Sent as `Authorization: Basic`.
    package var login: Login?

    /// Certificates in PEM that are trusted beside the system's.
    package var caFile: String?

    /// The whole time from the call to the last byte of the answer.
    package var timeout: Duration

    /// The part of ``timeout`` that name, connection and TLS may take.
    package var connectTimeout: Duration

    /// Header fields and body of the answer together.
    package var maximumAnswerBytes: Int

    /// Whether to connect, with TLS where the URL says so, and to send nothing.
    var connectsOnly = false

    /// Takes the body of a success (2xx) part by part, in the place of the answer; it then has no limit.
    ///
    /// Told too how long the whole is, where that is known. Called on the thread of all transfers. Returns whether it was
    /// taken; where not the transfer has failed.
    package var onContent: (@Sendable (_ part: [UInt8], _ whole: Int?) -> Bool)?

    package init(
        method: String,
        url: String,
        unixSocket: String? = nil,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        login: Login? = nil,
        caFile: String? = nil,
        timeout: Duration = .seconds(10),
        connectTimeout: Duration = .seconds(5),
        maximumAnswerBytes: Int = 1 << 20
    ) {
        self.method = method
        self.url = url
        self.unixSocket = unixSocket
        self.headers = headers
        self.body = body
        self.login = login
        self.caFile = caFile
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.maximumAnswerBytes = maximumAnswerBytes
    }
}

extension HTTPExchange {
    /// Whether a request may be sent again after its answer was lost (RFC 9110, section 9.2.1: safe methods).
    var isRepeatable: Bool { method == "GET" || method == "HEAD" }

    /// Why this must not go on the wire, or nil.
    var problem: String? {
        guard !method.isEmpty, method.utf8.allSatisfy(\.isTokenByte) else {
            return "The method is not a token of letters, digits and marks."
        }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return "The URL has a blank, a control character or a character outside ASCII."
        }
        for (name, value) in headers {
            guard !name.isEmpty, name.utf8.allSatisfy(\.isTokenByte) else {
                return "A header field's name is not a token."
            }
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                return "The value of the header field \(name) has a line break or another control character."
            }
            guard !["content-length", "transfer-encoding", "expect"].contains(name.lowercased()) else {
                return "The header field \(name) follows from the body and cannot be set."
            }
        }
        let strings = [unixSocket, caFile, login?.account, login?.secret]
        guard strings.allSatisfy({ $0?.utf8.contains(0) != true }) else {
            return "A path or the login has a NUL character."
        }
        return nil
    }
}

extension UInt8 {
    /// Whether the byte may stand in a token (RFC 9110, section 5.6.2).
    var isTokenByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(self)
        }
    }
}
