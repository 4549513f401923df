import Clocks
import Foundation
import JSON

extension Storm {
    /// Carriers claim and are not heard of again, more than die of a message.
    ///
    /// From the first kill on, a message that workers died with thrice is therefore not what they died of.
    func breakOut() async throws {
        let gateways = StormTerms.gateways.joined(separator: ",")
        let token = try await post.token("carry", "--gateway", gateways)
        for channel in Cast.Channel.allCases {
            // The second process of a name frees what the first had claimed, by which the server sees its death.
            for process in 1...2 {
                for carrier in 1...StormTerms.lostCarriers {
                    let answer = await post.call(
                        "POST",
                        "/v1/carriers/claim",
                        token: token,
                        [
                            "carrier": .string("lost-\(channel)-\(carrier)"), "instance": .string("\(process)"),
                            "channel": channel == .mail ? "email" : "sms", "max": 1, "wait_ms": 3000,
                            "gateways": [.string("\(channel)-a"), .string("\(channel)-b")],
                        ]
                    )
                    guard answer.body["claims"]?.array?.isEmpty == false else {
                        throw Disappointment("Nothing could be claimed: \(answer.status) \(answer.problem)")
                    }
                }
            }
        }
    }

    /// Does one thing, and has everything that it killed up again.
    func perform(_ act: Act) async throws {
        switch act {
        case .killServer:
            await strike([.mail, .sms], isDeadly: false) { await cast.killServer() }
            try await cast.startServer()
        case .killWorker(let channel):
            await strike([channel], isDeadly: true) { await cast.killWorker(channel) }
            try await cast.startWorker(channel)
        case .killAll:
            await strike([.mail, .sms], isDeadly: true) { await cast.killAll() }
            try await cast.startAll()
        case .losePower:
            await strike([.mail, .sms], isDeadly: false) { await cast.killServer() }
            try losePower()
            try await cast.startServer()
            if terms.swallowsSyncs, !tally.hasLostAccepted { tally.hasLostAccepted = try hasLostAccepted() }
        case .restartMachine:
            await strike([.mail, .sms], isDeadly: true) { await cast.killAll() }
            try losePower()
            try weather.changeBoot(to: "boot-\(SystemTime.machine.boot().milliseconds)")
            try await cast.startAll()
        case .stopWorker(let channel):
            // What it holds is to be handed over by a zombie.
            await waitForFlight([channel])
            tally.workerDeaths += 1
            try await cast.stopWorker(channel)
            after(milliseconds: StormTerms.beginLease + 1000) { [self] in
                tally.workerDeaths += 1
                await cast.wake(channel)
            }
        case .killSupervisor:
            await cast.killAll()
            tally.workerDeaths += 2
            try await cast.startSupervisor()
            await strike([.mail, .sms], isDeadly: true) { await cast.killSupervisor() }
            try await cast.startAll()
        case .loseGateway(let channel):
            weather.set("\(channel)-a", dead: true)
            after(milliseconds: 3000) { [self] in weather.set("\(channel)-a", dead: false) }
        case .fillDisk: try await fillDisk()
        case .turnClock(let hours):
            try weather.turnClock(to: hours * 3_600_000)
            after(milliseconds: 4000) { [self] in try weather.turnClock(to: 0) }
        case .restore: try await restore()
        case .replay:
            // Whether it is answered is left to chance.
            _ = await post.call(
                "POST",
                "/v1/replays",
                token: token,
                ["filter": ["state": "dead", "reason": "gave_up"], "limit": 20, "rate": "100/1s"]
            )
        }
    }

    private func losePower() throws {
        watch.shut()
        defer { watch.open() }
        let losesAll = Bool.random(using: &generator) || terms.swallowsSyncs
        tally.lostWrites += try PowerLoss(post).strike(losesAll: losesAll, using: &generator)
    }

    /// Whether the store lacks an event that was accepted.
    private func hasLostAccepted() throws -> Bool {
        // Those of before the look: what is accepted after it need not be there.
        let accepted = journal.entries.values.filter { $0.acceptedAt != nil }
        let records = try Records(Database(post.database))
        return accepted.contains { $0.deliveries.contains { records.deliveries[$0] == nil } }
    }

    /// Nothing that grows fits for a while, and the server is killed in it.
    private func fillDisk() async throws {
        let sign = post.folder + "/power/full"
        let start = SystemTime.machine.boot().milliseconds
        try Data().write(to: URL(filePath: sign))
        await strike([.mail, .sms], isDeadly: false) { await cast.killServer() }
        // On a full disk a server need not start; it has to once there is room.
        _ = try? await cast.startServer()
        await rest(milliseconds: 500)
        try FileManager.default.removeItem(atPath: sign)
        watch.wasFull(from: start, to: SystemTime.machine.boot().milliseconds)
        await cast.killServer()
        try await cast.startServer()
    }

    private func restore() async throws {
        let (from, wall) = (SystemTime.machine.boot().milliseconds, weather.wall)
        let made = try await post.gatepost("backup", post.folder + "/backup.db", "--force")
        guard made.code == 0 else { throw Disappointment("There is no backup: \(made.text)") }
        try await perform(.killServer)
        await strike([.mail, .sms], isDeadly: false) { await cast.killServer() }
        watch.shut()
        let done = try await post.gatepost("restore", post.folder + "/backup.db", "--yes")
        guard done.code == 0 else { throw Disappointment("restore ended with \(done.code): \(done.text)") }
        // Of the changes that were not synced none is left in the files of now.
        for name in ["gatepost.db", "gatepost.db-wal", "keys.state"] {
            try Data().write(to: URL(filePath: "\(post.folder)/power/\(name).undo"))
        }
        watch.restored(
            Watch.Blindness(
                from: from,
                to: SystemTime.machine.boot().milliseconds,
                wall: wall...max(wall, weather.wall)
            )
        )
        watch.open()
        try await cast.startServer()
    }
}

extension Act {
    /// Its name, without whom it meets.
    var name: String { String("\(self)".prefix { $0 != "(" }) }
}
