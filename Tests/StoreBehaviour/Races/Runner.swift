import AuthEvents
import Clocks
import Deliveries
import Limits
import Store
import Synchronization
import TestSupport
import Testing

/// Runs a heat through all of its interleavings, each on a store of its own.
struct Runner<Lab: StoreLab> {
    /// So many failures tell enough of one heat.
    private static var mostFailures: Int { 3 }

    private let heat: Heat
    private let base: Lab
    private var start: (stage: Stage, glance: Glance)
    /// The steps of the schedule before, each with what was to be seen after it.
    private var path: [(actor: Int, step: Step, glance: Glance)] = []
    private var winners: Set<String> = []
    private var failures = 0
    private var runs = 0
    /// What was looked into already: from where which step led where, and how races ended.
    private var known: Set<String> = []

    init(_ heat: Heat, in lab: Lab) async throws {
        (self.heat, base) = (heat, lab)
        let scene = Scene(lab: lab)
        try await scene.openReporting([.cents(heat.budget)], sendsAgain: heat.sendsAgain)
        let accepted = try await scene.acceptEvent(heat.letter)
        var stage = Stage(scene, heat.letter, accepted)
        var glance = try await stage.glance()
        for cue in heat.before {
            let step = try await stage.take(cue)
            let next = try await stage.glance()
            let faults = Referee(step: step, before: glance, after: next, stage: stage).faults()
            if !faults.isEmpty { throw Surprise("\(heat.name): before the race \(step): \(faults)") }
            glance = next
        }
        start = (stage, glance)
    }

    /// Returns how many interleavings there were.
    mutating func run() async throws -> Int {
        for schedule in Interleavings(of: heat.actors.map(\.moves.count)) where failures < Self.mostFailures {
            runs += 1
            try await run(schedule)
        }
        guard failures == 0 else { return runs }
        #expect(runs == heat.count)
        for contender in heat.contenders where !winners.contains(contender.name) {
            Issue.record("\(heat.name): \(contender.name) never wins")
        }
        return runs
    }

    private mutating func run(_ schedule: [Int]) async throws {
        let lab = try await base.twin()
        var stage = start.stage
        stage.scene = Scene(lab: lab, stationery: Stationery(seed: 11))
        let shared = zip(schedule, path).prefix { $0 == $1.actor }.count
        path.removeLast(path.count - shared)
        var moves = heat.actors.map { $0.moves[...] }
        for (index, actor) in schedule.enumerated() {
            let cue = Cue(heat.actors[actor].name, moves[actor].removeFirst())
            guard index < shared else {
                guard try await take(cue, of: actor, on: &stage) else { return }
                continue
            }
            // Where nothing but the order decides, the same steps are answered the same.
            let step = try await stage.take(cue)
            if path[index].step.answer != step.answer { return fail(stage, ["it was answered otherwise before"]) }
        }
        for cue in heat.after { guard try await take(cue, of: heat.actors.count, on: &stage) else { return } }
        let faults = try await end(stage)
        if !faults.isEmpty { fail(stage, faults) }
    }

    /// Takes a step that was not taken in this place before, and looks at it; returns false where something is wrong.
    private mutating func take(_ cue: Cue, of actor: Int, on stage: inout Stage) async throws -> Bool {
        let step = try await stage.take(cue)
        let before = path.last?.glance ?? start.glance
        let after = try await stage.glance()
        path.append((actor, step, after))
        let faults = Referee(step: step, before: before, after: after, stage: stage).faults()
        if !faults.isEmpty {
            fail(stage, faults)
            return false
        }
        // The engine is looked into once for each thing that can happen, as far as one can tell it from others.
        let event = "\(before.outline), \(cue.actor): \(cue.move), \(after.outline)"
        if before != after, Race.isLong || known.insert(event).inserted, try await !balances(stage) {
            fail(stage, ["the books do not balance"])
            return false
        }
        return true
    }

    private mutating func end(_ stage: Stage) async throws -> [String] {
        guard let glance = path.last?.glance else { return [] }
        let scene = stage.scene
        var faults: [String] = []
        if Race.isLong || known.insert(glance.outline).inserted {
            if try await !balances(stage) { faults.append("the books do not balance") }
            if runs % 2 == 0 {
                try await scene.lab.reopen()
            } else {
                try await scene.lab.kill(reopeningWith: scene.lab.settings)
            }
            if try await stage.glance() != glance { faults.append("it looks otherwise once it is opened again") }
        }
        // Where the clock was set back it catches up, so that no slot seems to be of later.
        scene.time.pass(.seconds(60))
        let kept = glance.deliveries.count(where: \.keepsSlots)
        let room = try await scene.roomForTries(in: Heat.slot)
        if room != Heat.slots - kept { faults.append("\(kept) slots are used, and there is room for \(room)") }
        let finish = Finish(stage: stage, glance: glance)
        let won = heat.contenders.filter { $0.hasWon(finish) }.map(\.name)
        winners.formUnion(won)
        if won.count != 1 { faults.append("won by \(won), while the deliveries are \(glance.deliveries.map(\.place))") }
        return faults
    }

    /// Looks into the engine for what cannot be seen from outside.
    private func balances(_ stage: Stage) async throws -> Bool {
        let isFaulty = Mutex(false)
        try await withKnownIssue(isIntermittent: true) {
            try await stage.scene.booksBalance()
            try await stage.scene.countsWhatItShows()
        } matching: { _ in
            // None is known: each is reported, and the steps that led to it.
            isFaulty.withLock { $0 = true }
            return false
        }
        return !isFaulty.withLock { $0 }
    }

    private mutating func fail(_ stage: Stage, _ faults: [String]) {
        failures += 1
        let before = heat.before.map { "\($0.actor): \($0.move)" }
        let steps = stage.steps.dropFirst(before.count).enumerated().map { "\($0 + 1). \($1)" }
        let trace = (before.isEmpty ? [] : ["before: " + before.joined(separator: "; ")]) + steps
        Issue.record("\(heat.name)\n\(trace.joined(separator: "\n"))\n\(faults.joined(separator: "\n"))")
    }
}

extension Scene {
    /// How many tries still pass a limit; they are taken.
    fileprivate func roomForTries(in slot: Slot) async throws -> Int {
        var dice = SeededGenerator(seed: UInt64(stationery.next()))
        let nobody = ChallengeID(at: time.now(), using: &dice)
        for count in 0...100 where try await verify(nobody, "1", slots: [slot]) != .notFound { return count }
        throw Surprise("the limit has no end")
    }
}
