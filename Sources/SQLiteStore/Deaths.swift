import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store

/// When carriers of a channel died: it tells what they die of from what was only in hand.
///
/// A message that carriers die of is in hand whenever one dies. Where many die, of whatever it is, some messages are in hand
/// three times by chance alone.
struct Deaths: Sendable {
    private static let span: Duration = .seconds(60)
    /// More than so many within the span are not the doing of a message that two died with.
    private static let few = 4
    /// So many carriers that die with a message are enough.
    private static let enough: Int64 = 3
    /// So many are, whatever others die of.
    private static let most: Int64 = 6

    private struct Death {
        /// `nil` where the server did not live to see it.
        var holder: Holder?
        var at: BootInstant

        /// A moment that is still to come was one of the machine before it was restarted.
        func isRecent(at boot: BootInstant) -> Bool { at <= boot && boot < at + Deaths.span }
    }

    private struct Holder: Equatable {
        var carrier: String?
        var instance: String?
    }

    /// The last, without those that had nothing but what two others had died with: these say nothing of any other.
    private var latest: [Death] = []

    /// Takes note of a claim that its carrier left behind; returns whether that makes a death more.
    mutating func note(_ claim: HotRow, at boot: BootInstant) -> Bool {
        let holder = Holder(carrier: claim.carrier, instance: claim.instance)
        guard !claim.isSuspect, !latest.contains(where: { $0.holder == holder && $0.isRecent(at: boot) }) else {
            return false
        }
        latest = latest.suffix(Deaths.few) + [Death(holder: holder, at: boot)]
        return true
    }

    /// Whether so many must have died of the message that they had in hand.
    func areProof(_ crashes: Int64, at boot: BootInstant) -> Bool {
        crashes >= Deaths.most || crashes >= Deaths.enough && latest.count { $0.isRecent(at: boot) } <= Deaths.few
    }
}

// In the file are the moments.
extension Deaths {
    fileprivate init(_ moments: String) {
        latest = moments.split(separator: " ").compactMap { Int64($0) }
            .map { Death(holder: nil, at: BootInstant(milliseconds: $0)) }
    }

    fileprivate var moments: String { latest.map { "\($0.at.milliseconds)" }.joined(separator: " ") }
}

extension Connection {
    mutating func deaths() throws(SQLiteError) -> [Channel: Deaths] {
        var deaths: [Channel: Deaths] = [:]
        for channel in Channel.allCases {
            deaths[channel] = try first(
                "SELECT value FROM meta WHERE name = ?",
                .text(channel.deathsName),
                read: { Deaths($0.text(0)) }
            )
        }
        return deaths
    }

    mutating func save(_ deaths: Deaths, of channel: Channel) throws(SQLiteError) {
        try setMeta(channel.deathsName, .text(deaths.moments))
    }
}

extension Channel {
    fileprivate var deathsName: String { "deaths:" + name }
}

extension HotRow {
    /// Whether two carriers died with it, since it was last begun: it is claimed alone.
    var isSuspect: Bool { crashes >= 2 }
}
