/// What became of the trial of a server: a connection that nothing is sent over.
package enum ServerTrial: Sendable, Equatable {
    /// It stood: with TLS and login where they are asked for.
    case stood

    /// No name, connection or greeting.
    case unreachable(String)

    /// The server was reached and said no, or TLS or login failed: with a reply's code, `tls` or `login`, and a sentence
    /// that may hold the server's own words.
    case refused(code: String, String)

    /// The server's URL, login or file of certificates cannot be used; nothing was connected to.
    case invalid

    /// Cancelled or shut down.
    case cancelled
}

extension Transfers {
    /// Connects to an HTTP server, with TLS where the URL says so, sends nothing and closes.
    ///
    /// No kept connection is used.
    package func tryOut(_ url: String, caFile: String? = nil, timeout: Duration) async -> ServerTrial {
        var exchange = HTTPExchange(
            method: "GET",
            url: url,
            caFile: caFile,
            timeout: timeout,
            connectTimeout: timeout
        )
        exchange.connectsOnly = true
        guard case .failed(let failure) = await http(exchange) else { return .stood }
        switch failure.kind {
        case .invalid: return .invalid
        case .cancelled: return .cancelled
        default: return failure.isOfTLS ? .refused(code: "tls", failure.reason) : .unreachable(failure.reason)
        }
    }

    /// Connects to a mail server: greeting, TLS and login as set, then QUIT.
    ///
    /// No kept connection is used.
    package func tryOut(_ server: MailServer, timeout: Duration) async -> ServerTrial {
        guard let prepared = try? PreparedMail(trialOf: server, timeout: timeout, now: .now) else { return .invalid }
        switch await mail(prepared) {
        case .accepted, .refused: return .stood
        case .invalid: return .invalid
        case .cancelled: return .cancelled
        case .unreachable(let failure), .interrupted(let failure), .unknown(let failure):
            let words = failure.reply.map { " (\($0.code) \($0.text))" } ?? ""
            let sentence = (failure.step.map { "\($0.rawValue): " } ?? "") + failure.reason + words
            if let reply = failure.reply { return .refused(code: String(reply.code), sentence) }
            if failure.isOfTLS || failure.step == .startTLS { return .refused(code: "tls", sentence) }
            return failure.step == .login ? .refused(code: "login", sentence) : .unreachable(sentence)
        }
    }
}
