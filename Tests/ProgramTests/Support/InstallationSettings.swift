/// The settings of an installation for one test: no limits, free ports.
struct InstallationSettings {
    /// Empty: the socket only.
    var listen = ""
    var socket = "run/gatepost.sock"
    var database = "data/gatepost.db"
    /// Where the outside world would find it.
    var publicURL: String?
    /// Whether a second message to a person has to wait; most tests write to one person again at once.
    var hasResendWaits = false
    /// The limits, as TOML that stands before all tables.
    var limits = "limits = []"
    /// `[[gateways]]` and what else follows.
    var tables: [String] = []

    /// With the sandbox, which keeps mails in a folder.
    static let sandbox = InstallationSettings(
        listen: "127.0.0.1:0",
        tables: ["[sandbox]\nenabled = true", #"[[tenants]]\#nname = "shop""#]
    )

    /// With one mail server.
    static func mail(port: UInt16, connections: Int = 4, timeout: Int = 10) -> InstallationSettings {
        InstallationSettings(tables: [gateway("mail", port: port, connections: connections, timeout: timeout)])
    }

    /// So many seconds for a hand-over; the lease of one that was begun is five more.
    ///
    /// Few only where a test waits until they are over: on a busy machine a peer takes its time.
    static func gateway(_ name: String, port: UInt16, connections: Int = 4, timeout: Int = 10) -> String {
        """
        [[gateways]]
        name = "\(name)"
        channel = "email"
        kind = "smtp"
        url = "smtp://127.0.0.1:\(port)"
        timeout = "\(timeout)s"
        connections = \(connections)
        """
    }

    /// What programs get in their environment.
    var variables: [String] {
        guard !hasResendWaits else { return [] }
        return ["SIGN_UP", "RECOVERY", "MFA", "ATTRIBUTE_CHANGE", "INVITATION"].map {
            "GATEPOST_PURPOSES_\($0)_RESEND_WAITS=[]"
        }
    }

    var text: String {
        """
        \(limits)

        [server]
        listen = "\(listen)"
        socket = "\(socket)"
        \(publicURL.map { "public_url = \"\($0)\"" } ?? "")

        [store]
        url = "sqlite:\(database)"

        [carriers]
        per_recipient = "1000/10m"

        \(tables.joined(separator: "\n\n"))

        """
    }
}
