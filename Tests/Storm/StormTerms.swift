/// What a storm is told.
struct StormTerms: Sendable {
    /// Chance that comes out the same.
    var seed: UInt64
    /// How long there is bad weather, and longer where it has not done yet what it is for; calm, in which everything comes to
    /// rest, follows.
    var length: Duration
    /// Where the installation is made; what was there is removed.
    var folder: String
    /// For a test of the storm itself: the programs' syncs do nothing, as with `PRAGMA synchronous = OFF`.
    var swallowsSyncs = false
    /// Only what a few seconds have room for.
    var isShort: Bool { length < .seconds(60) }

    /// Hand-overs at once, of each of two gateways of a channel.
    static let connections = 48
    /// For a hand-over, in milliseconds; the lease of one that was begun is five seconds more.
    static let gatewayTimeout: Int64 = 3000
    static let beginLease = gatewayTimeout + 5000
    /// Attempts that must be in flight for a kill to count.
    static let inFlight = 20
    /// Carriers of a channel that die at its beginning: where so many do within a minute, three deaths are no proof.
    static let lostCarriers = 5
    /// What a storm does at the least, however slow the machine is: kills that count, and events that are accepted.
    static let leastKills = 4
    static let leastAccepted = 100
    /// A storm that cannot do that ends all the same.
    static let longest: Duration = .seconds(300)
    /// So many seconds after a kill what was claimed and not begun is ready again.
    static let idleLimit: Int64 = 6000

    /// So many milliseconds two processes may be apart in when something happened, on a busy machine.
    static let skew: Int64 = 100

    /// After so many attempts a message is given up.
    static func attempts(ofMail isMail: Bool) -> Int { isMail ? 12 : 6 }

    static let gateways = ["mail-a", "mail-b", "sms-a", "sms-b"]
}

/// What did not hold.
struct Disappointment: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
