import Foundation
import Synchronization
import TestSupport
import Testing

/// Random walks through a store beside a model of it.
///
/// A walk is a seed and so many ``Command``s. After each the store is looked at from outside (``Sighting``), and must stand
/// as the ``Model`` says, which is written from the contract and knows no engine; at the end its engine is looked into too.
/// What is wrong is told by the fewest steps that still lead to something wrong: "delivery -1" in them is the newest but one.
/// To look into it, run the seed that is named alone.
///
/// A walk leaves out: groups and several addresses of one event, codes and links that an application brought, questions
/// put to gateways, erasure and retention, tries at a person instead of a challenge, clocks that jump and machines that
/// restart, several budgets and currencies, and anything at the same moment, which are the races' part.
package struct ModelCheck<Lab: StoreLab>: Sendable {
    /// A walk that came to something wrong, and how short it can be told.
    package struct Failure: Sendable, CustomStringConvertible {
        package var seed: UInt64
        /// What is left of its steps, with what they were answered.
        package var steps: [String]
        package var faults: [String]
        /// So many there were at first.
        package var length: Int

        package var description: String {
            let told = steps.enumerated().map { "\($0 + 1). \($1)" }.joined(separator: "\n")
            return "seed \(seed), \(steps.count) of \(length) steps:\n\(told)\n\(faults.joined(separator: "\n"))"
        }
    }

    /// Where deliveries have stood in any walk, and what was answered.
    package final class Visits: Sendable {
        private let places = Mutex<Set<String>>([])

        package var all: Set<String> { places.withLock { $0 } }

        fileprivate func add(_ visited: Set<String>) { places.withLock { $0.formUnion(visited) } }
    }

    package let visits = Visits()
    private let newLab: @Sendable () throws -> Lab
    private let length: Int

    /// `length`: Commands of one walk.
    package init(length: Int = 60, in newLab: @escaping @Sendable () throws -> Lab) {
        (self.length, self.newLab) = (length, newLab)
    }

    /// Takes one walk; where something is wrong, finds the shortest part of it that is wrong too.
    package func failure(seed: UInt64) async throws -> Failure? {
        let commands = Command.sequence(of: length, seed: seed)
        guard let first = try await run(commands, seed) else { return nil }
        var shrinking = Shrinking(of: Array(commands.prefix(first.taken))) { commands in
            try await run(commands, seed) != nil
        }
        let short = try await shrinking.shortest()
        let last = try await run(short, seed) ?? first
        return Failure(seed: seed, steps: last.trace, faults: last.faults, length: length)
    }

    private typealias Result = (trace: [String], faults: [String], taken: Int)

    private func run(_ commands: [Command], _ seed: UInt64) async throws -> Result? {
        let lab = try newLab()
        var walk = try await Walk(in: lab, ModelTerms(sendsAgain: seed % 3 == 0))
        defer { visits.add(walk.visited) }
        for (index, command) in commands.enumerated() {
            let faults = await walk.take(command)
            if !faults.isEmpty { return (walk.trace, faults, index + 1) }
        }
        var faults = await walk.take(.sweep)
        if faults.isEmpty { faults = try await imbalances(of: walk.scene) }
        return faults.isEmpty ? nil : (walk.trace, faults, commands.count)
    }

    /// Looks into the engine, and at the ledger and counts, for what cannot be seen step by step.
    private func imbalances(of scene: Scene) async throws -> [String] {
        let found = Mutex<[String]>([])
        try await withKnownIssue(isIntermittent: true) {
            try await scene.booksBalance()
            try await scene.countsWhatItShows()
        } matching: { issue in
            // None is known: they are told with the steps that led to them.
            found.withLock { $0.append("\(issue)") }
            return true
        }
        return found.withLock { $0 }
    }
}
