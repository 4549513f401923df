/// How a private Postfix is set up, as the text of its two files.
struct PostfixSettings: Sendable {
    /// `encrypt` for STARTTLS or no mail, `may` for either.
    var tls = "encrypt"

    /// Octets of a mail; more are refused with 552.
    var sizeLimit = 1 << 20

    /// Whether the limit is announced, so that a mail that is too large is refused before it is sent.
    var announcesSize = true

    /// How long a client may say nothing.
    var timeout = Duration.seconds(300)

    /// The one mailbox; every other recipient there is unknown.
    static let mailbox = "person@example.test"

    /// The recipient whose mails are to be sent again later.
    static let greylisted = "later@example.test"

    /// The name of the server, in its greeting.
    static let host = "mail.example.test"

    /// Text of `main.cf` (postconf(5)).
    func main(folder: String) -> String {
        """
        compatibility_level = 3.6
        queue_directory = \(folder)/queue
        data_directory = \(folder)/data
        maillog_file = \(folder)/log
        maillog_file_prefixes = \(folder)
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        smtputf8_enable = yes
        myhostname = \(Self.host)
        mydestination =
        mynetworks =
        alias_maps =
        alias_database =
        virtual_alias_maps =
        local_transport = error:none
        default_transport = error:none
        virtual_mailbox_domains = example.test
        virtual_mailbox_base = \(folder)/mail
        virtual_mailbox_maps = inline:{\(Self.mailbox)=person/ \(Self.greylisted)=later/ jörg@example.test=jörg/}
        virtual_minimum_uid = 1
        virtual_uid_maps = static:65534
        virtual_gid_maps = static:65534
        message_size_limit = \(sizeLimit)
        smtpd_discard_ehlo_keywords = \(announcesSize ? "" : "size")
        smtpd_timeout = \(timeout.components.seconds)s
        smtpd_tls_security_level = \(tls)
        smtpd_tls_cert_file = \(folder)/server.pem
        smtpd_tls_key_file = \(folder)/server.key
        smtpd_recipient_restrictions =
            check_recipient_access inline:{{\(Self.greylisted)=450 4.2.0 Greylisted, come back later}}
            reject_unauth_destination

        """
    }

    /// Text of `master.cf` (master(5)): the services that take a mail in and put it into a mailbox.
    func master(port: Int) -> String {
        """
        127.0.0.1:\(port) inet n - n - - smtpd
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        tlsmgr unix - - n 1000? 1 tlsmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        error unix - - n - - error
        retry unix - - n - - error
        virtual unix - n n - - virtual
        proxymap unix - - n - - proxymap
        anvil unix - - n - 1 anvil
        postlog unix-dgram n - n - 1 postlogd

        """
    }
}
