internal import CCurl

/// What is heard before the first mail of a connection: greeting, EHLO, STARTTLS, login, all spoken by libcurl.
struct SMTPPrelude {
    private(set) var extensions = SMTPExtensions()
    private(set) var hasLoggedIn = false
    private var last: SMTPReply?
    private var hasBeenGreeted = false
    private var hasStartedTLS = false

    /// Hears one line of a reply.
    mutating func hear(_ line: String) {
        guard line.utf8.count >= 3, let code = Int(line.prefix(3)) else { return }
        let text = line.dropFirst(4).prefix { !$0.isNewline }
        switch code {
        case 220:
            // The greeting, or the word to start TLS, after which only a second EHLO counts.
            hasStartedTLS = hasBeenGreeted
            hasBeenGreeted = true
            extensions = SMTPExtensions()
        case 235: hasLoggedIn = true
        case 250: extensions.read(line: line)
        default: break
        }
        last = SMTPReply(code: code, text: String(text))
    }

    /// Says why there is no connection, from libcurl's code and the last line heard.
    ///
    /// `beginning`: What the sentence begins with.
    func failure(_ code: CURLcode, _ beginning: String) -> MailFailure {
        let step = step(code)
        let isAnswer = [.greeting, .hello, .startTLS, .login].contains(step) && last.map { $0.code >= 400 } == true
        return MailFailure(
            step: step,
            reply: isAnswer ? last : nil,
            reason: "\(beginning)\(code.words).",
            isOfTLS: code.isOfTLS
        )
    }

    private func step(_ code: CURLcode) -> SMTPStep? {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: nil
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE:
            last == nil ? nil : .startTLS
        case CURLE_USE_SSL_FAILED: .startTLS
        case CURLE_LOGIN_DENIED: .login
        case CURLE_REMOTE_ACCESS_DENIED: .hello
        default:
            if !hasBeenGreeted {
                .greeting
            } else if last?.code == 334 {
                .login
            } else {
                hasStartedTLS && last?.code == 220 ? .startTLS : .hello
            }
        }
    }
}
