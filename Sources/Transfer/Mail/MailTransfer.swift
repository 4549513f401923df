/// One mail to one recipient by way of one server.
package struct MailTransfer: Sendable {
    package var server: MailServer

    /// The envelope's sender, where failures are reported to; empty for none.
    package var from: String

    /// The envelope's recipient.
    ///
    /// A local part outside ASCII needs a server that announces SMTPUTF8; the domain is in A-labels.
    package var to: String

    package var content: MailContent

    /// The whole time from the call to the server's last word.
    package var timeout: Duration

    /// The part of ``timeout`` that name, connection, greeting, TLS and login may take.
    package var connectTimeout: Duration

    package init(
        server: MailServer,
        from: String,
        to: String,
        content: MailContent,
        timeout: Duration = .seconds(30),
        connectTimeout: Duration = .seconds(10)
    ) {
        self.server = server
        self.from = from
        self.to = to
        self.content = content
        self.timeout = timeout
        self.connectTimeout = connectTimeout
    }
}
