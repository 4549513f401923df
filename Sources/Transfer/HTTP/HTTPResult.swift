/// What became of an HTTP request.
package enum HTTPResult: Sendable {
    /// A complete answer, of any status.
    case answered(HTTPAnswer)
    case failed(TransferFailure)
}

/// A complete answer to an HTTP request.
package struct HTTPAnswer: Sendable {
    package var status: Int

    /// In the order and spelling of the server.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of the first field of this name, in any case of letters.
    package func header(_ name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.lowercased() == name }?.value
    }
}

/// Why there is no answer, and what is known about the request.
package struct TransferFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// The request itself cannot be sent; nothing was connected to.
        case invalid

        /// No name, connection or TLS; surely nothing was handed over.
        case unreachable

        /// There was a connection, but surely not a byte of the request left.
        case notSent

        /// The server may have received the request.
        case unknown

        /// The server answered more than was allowed for; it has received the request.
        case tooLarge

        /// Cancelled or shut down while surely nothing had been handed over.
        case cancelled
    }

    package var kind: Kind

    /// A sentence without address, code or secret.
    package var reason: String

    /// Whether a server was reached and TLS with it failed, for its certificate above all.
    package var isOfTLS: Bool

    package init(_ kind: Kind, _ reason: String, isOfTLS: Bool = false) {
        self.kind = kind
        self.reason = reason
        self.isOfTLS = isOfTLS
    }

    package var description: String { reason }

    static let closed = TransferFailure(.cancelled, "Nothing was sent: transfers have been shut down.")
}
