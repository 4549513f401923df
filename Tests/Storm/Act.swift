import TestSupport

/// One thing that the storm does.
enum Act: Sendable, Equatable {
    case killServer
    case killWorker(Cast.Channel)
    /// The server and both workers at once.
    case killAll
    /// The server is killed, and what it had not synced is lost.
    case losePower
    /// The machine starts anew: everything is killed, what was not synced is lost, and the boot id is another.
    case restartMachine
    /// A worker sleeps for longer than its leases, while another does its work.
    case stopWorker(Cast.Channel)
    /// Everything runs under `gatepost up`, which is killed.
    case killSupervisor
    /// The first gateway of a channel takes nothing for a while.
    case loseGateway(Cast.Channel)
    case fillDisk
    /// The wall clock goes an hour ahead for a while, or back.
    case turnClock(hours: Int64)
    /// A backup is made; a little later the server is killed, and the backup takes the place of its database.
    case restore
    /// What was given up is sent again.
    case replay
}

/// Which acts follow on each other: a deck that is shuffled by chance, again and again.
struct StormPlan: Sendable {
    private var generator: SeededGenerator
    private let deck: [Act]
    private var rest: [Act] = []

    init(_ terms: StormTerms) {
        generator = SeededGenerator(seed: terms.seed)
        guard !terms.swallowsSyncs else {
            // What is to be found out comes first; the rest goes by the deck.
            (deck, rest) = ([.killServer, .killWorker(.mail), .losePower], [.losePower])
            return
        }
        deck = terms.isShort ? StormPlan.short : StormPlan.long
        // What takes long comes first, so that a short storm sees its end.
        if terms.isShort { rest = [.killServer, .stopWorker(.sms)] }
    }

    mutating func next() -> Act {
        if rest.isEmpty { rest = deck.shuffled(using: &generator) }
        return rest.removeLast()
    }

    private static let short =
        Array(repeating: Act.killServer, count: 3) + Array(repeating: .killWorker(.mail), count: 2)
        + Array(repeating: .killWorker(.sms), count: 2)
        + [.losePower, .losePower, .restartMachine, .killSupervisor, .loseGateway(.mail), .fillDisk, .replay, .restore]
        + [.turnClock(hours: 1)]

    private static let long =
        Array(repeating: Act.killServer, count: 38) + Array(repeating: .killWorker(.mail), count: 18)
        + Array(repeating: .killWorker(.sms), count: 18) + Array(repeating: .losePower, count: 10)
        + Array(repeating: .killAll, count: 4) + Array(repeating: .restartMachine, count: 3)
        + [
            .stopWorker(.mail), .stopWorker(.sms), .killSupervisor, .killSupervisor, .loseGateway(.mail),
            .loseGateway(.sms),
        ]
        + [.fillDisk, .turnClock(hours: 1), .turnClock(hours: -1), .replay, .replay, .replay, .restore]
}
