/// A mail server, how to reach it, and as whom.
///
/// Mails to equal servers share their kept-alive connections.
package struct MailServer: Sendable, Hashable {
    package enum TLS: Sendable, Hashable {
        /// Plain text even where the server offers STARTTLS.
        case none

        /// STARTTLS where the server offers it, with its certificate checked; plain text otherwise.
        ///
        /// With a login it is as ``required``, because whoever hides the offer would be told the secret.
        case opportunistic

        /// STARTTLS, or no mail.
        case required
    }

    /// `smtp://host:port`, or `smtps://host:port` for TLS from the first byte; no path.
    package var url: String

    /// Without meaning for `smtps`.
    package var tls: TLS

    /// Sent by AUTH PLAIN or LOGIN.
    ///
    /// A server that offers neither is as good as unreachable.
    package var login: Login?

    /// Whether the login may go in plain where STARTTLS is not offered and `tls` does not require it.
    ///
    /// Only for servers that nobody can stand before, such as one on this machine: whoever hides the offer of STARTTLS would
    /// be told the secret.
    package var permitsPlainLogin: Bool

    /// Certificates in PEM that are trusted beside the system's.
    package var caFile: String?

    /// The name for EHLO: a host name, or an address literal in brackets.
    package var heloName: String

    package init(
        url: String,
        tls: TLS = .required,
        login: Login? = nil,
        permitsPlainLogin: Bool = false,
        caFile: String? = nil,
        heloName: String
    ) {
        self.url = url
        self.tls = tls
        self.login = login
        self.permitsPlainLogin = permitsPlainLogin
        self.caFile = caFile
        self.heloName = heloName
    }
}

extension MailServer {
    /// Whether libcurl can be given these values.
    var isValid: Bool {
        let plain = { (text: String) in text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }
        let strings = [caFile, login?.account, login?.secret]
        return ["smtp://", "smtps://"].contains { url.hasPrefix($0) } && plain(url)
            && !heloName.isEmpty && plain(heloName) && strings.allSatisfy { $0?.utf8.contains(0) != true }
    }

    /// The URL with the name for EHLO as its path, where libcurl takes it from.
    var urlWithName: String {
        var path = ""
        for byte in heloName.utf8 {
            let isPlain = byte.isTokenByte && byte != UInt8(ascii: "%")
            path += isPlain ? String(UnicodeScalar(byte)) : "%" + String(byte, radix: 16, uppercase: true)
        }
        return (url.hasSuffix("/") ? String(url.dropLast()) : url) + "/" + path
    }

    var requiresTLS: Bool { tls == .required || tls == .opportunistic && login != nil && !permitsPlainLogin }
}
