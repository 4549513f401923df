package import Clocks
private import Deliveries
private import Link
private import Synchronization

/// Carries deliveries of one channel: claims them, passes each through the gate, begins, hands over and settles.
///
/// A connection of a gateway is busy from the gate to the stored outcome, so a carrier that dies leaves at most one unknown
/// outcome for each: where a next message waits for it, the outcome is stored in the commit that begins that. A question and
/// a probe take one, too. What is claimed ahead waits for one, and costs nothing if the carrier dies.
package final class Carrier: Sendable {
    /// One of so many connections of a gateway is kept for who has few in hand, where it has so many: nobody waits for one
    /// behind the many messages of another.
    private static let keptShare = 8
    /// Few are no more than this part of a gateway's connections.
    private static let fewShare = 4
    /// How long a claim may wait for work.
    private static let claimWait: Duration = .seconds(20)
    /// A wait for a gateway's rate that is not longer than this is waited out here, within the lease.
    private static let patience: Duration = .seconds(2)
    /// When to come again with a claim that lacks its price: no sooner than a server could have been put right.
    private static let priceWait: Duration = .seconds(30)

    private let office: any PostOffice
    private let gate: Gate
    private let slots: [GatewaySlot]
    let time: any TimeSource
    private let report: @Sendable (String) -> Void
    private let isPriced: Bool
    private let begins: Batcher<BeginItem, String>
    private let settles: Batcher<Report, Bool>
    /// Of those who have few in hand, who wait for no batch of others.
    private let beginsOfFew: Batcher<BeginItem, String>
    private let settlesOfFew: Batcher<Report, Bool>
    private let courtesy: Courtesy
    private let isLost = Mutex(false)

    /// `isPriced`: Whether what is carried costs something each: then the gate counts and prices it, and nothing leaves
    /// without a price.
    ///
    /// `part`: So many of those who have many in hand go on at once while others have few.
    ///
    /// `report`: Gets a sentence when the server is lost and when it is back.
    package init(
        office: any PostOffice,
        gate: Gate,
        slots: [GatewaySlot],
        time: any TimeSource,
        isPriced: Bool = false,
        part: Int = 8,
        report: @escaping @Sendable (String) -> Void
    ) {
        (self.office, self.gate, self.slots, self.time, self.report) = (office, gate, slots, time, report)
        self.isPriced = isPriced
        courtesy = Courtesy(part: part, time: time)
        // Without an answer nothing is handed over.
        begins = Batcher(courtesy: courtesy) { items in (try? await office.begin(items)) ?? [] }
        beginsOfFew = Batcher(priority: .high) { items in (try? await office.begin(items)) ?? [] }
        let settle: @Sendable ([Report]) async -> [Bool] = { outcomes in
            await Carrier.settle(outcomes, at: office, report)
            return outcomes.map { _ in true }
        }
        settles = Batcher(courtesy: courtesy, priority: .low, call: settle)
        settlesOfFew = Batcher(priority: .medium, call: settle)
    }

    /// Carries until its task is cancelled; then gives back what it has not begun and lets the rest end.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for slot in slots {
                let places = Places(
                    slot.connections,
                    kept: slot.connections / Carrier.keptShare,
                    few: slot.connections / Carrier.fewShare,
                    time: time,
                    courtesy: courtesy
                )
                group.addTask { await apart(at: .low) { await self.serve(slot, places, for: .anyone) } }
                guard places.kept > 0 else { continue }
                group.addTask { await apart(at: .high) { await self.serve(slot, places, for: .few) } }
            }
        }
    }

    /// Claims for one gateway as its connections become free.
    private func serve(_ slot: GatewaySlot, _ places: Places, for audience: Places.Audience) async {
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                var pause: Duration = .milliseconds(100)
                while !Task.isCancelled {
                    let room = await places.room(for: audience)
                    guard !Task.isCancelled else { break }
                    do throws(LinkFailure) {
                        let asked = time.boot()
                        let answer = try await office.claim(
                            at: [slot.name],
                            limit: room,
                            inHandBelow: audience == .few ? places.few : nil,
                            hasFew: places.hasFew,
                            wait: Carrier.claimWait
                        )
                        let tasks = answer.tasks
                        if answer.haveOthersFew { courtesy.metFewElsewhere() }
                        if audience == .anyone, tasks.count == room { places.answered(after: time.boot() - asked) }
                        tell(isLost: false)
                        pause = .milliseconds(100)
                        begins.gather {
                            beginsOfFew.gather {
                                for task in tasks {
                                    group.addImmediateTask { await self.perform(task, at: slot, places) }
                                }
                            }
                        }
                    } catch {
                        if !Task.isCancelled { tell(isLost: true, error.reason) }
                        // Cancelled means that the carrier ends, which the loop sees.
                        _ = try? await Task.sleep(for: pause)
                        pause = min(pause * 2, .seconds(1))
                    }
                }
            }
        } onCancel: {
            places.close()
        }
    }

    /// Says it once, however many claims find it out.
    private func tell(isLost: Bool, _ reason: String = "") {
        let wasLost = self.isLost.withLock { wasLost in
            defer { wasLost = isLost }
            return wasLost
        }
        guard isLost != wasLost else { return }
        report(isLost ? "The server cannot be asked for work: \(reason)" : "The server answers again.")
    }

    /// One delivery, from the gate to its outcome, which is yet to be stored; `nil` where there is none.
    ///
    /// What is under way ends even when the carrier is asked to end. What the place brings from the message before is stored.
    func carry(_ claim: Claim, to slot: GatewaySlot, at place: Places.Place) async -> Places.Debt? {
        var place = place
        guard !Task.isCancelled else { return await owe(claim, HandOver(.released), at: place) }
        let quote = isPriced ? Quote(claim) : nil
        guard !isPriced || quote != nil else {
            return await owe(
                claim,
                HandOver(.released, code: "no_price", retryAfter: Carrier.priceWait),
                at: place
            )
        }
        switch await admit(claim, at: &place) {
        case .tooLate: return await owe(claim, HandOver(.released, code: "too_late"), at: place)
        case .tooFast(let wait):
            return await owe(claim, HandOver(.released, code: "too_fast", retryAfter: wait), at: place)
        case .pass: break
        }
        let begun = time.boot()
        let item = BeginItem(token: claim.token, quote: quote, behind: place.debt?.report)
        let answer = await (place.isOfFew ? beginsOfFew : begins).submit(item, within: place.debt?.patience ?? .zero)
        guard answer == "go" else {
            gate.giveBack(claim)
            guard answer == nil else { return nil }
            // No answer: the server may have recorded the attempt, so it has to hear that nothing was sent.
            return await owe(claim, HandOver(.released, code: "no_begin"), at: place)
        }
        place.debt = nil
        guard gate.mayStart(claim, begunAt: begun) else {
            gate.giveBack(claim)
            return await owe(claim, HandOver(.released, code: "too_late"), at: place)
        }
        let started = time.boot()
        let outcome = await uncancelled { await slot.gateway.handOver(claim) }
        return Places.Debt(
            report: Report(token: claim.token, handOver: Discretion(claim).applied(to: outcome)),
            patience: Carrier.patience(after: time.boot() - started)
        )
    }

    /// What is told of a claim that was not handed over, when what is before it on its connection is stored.
    private func owe(_ claim: Claim, _ handOver: HandOver, at place: Places.Place) async -> Places.Debt {
        if let debt = place.debt { await settle(debt.report, isOfFew: place.isOfFew) }
        return Places.Debt(
            report: Report(token: claim.token, handOver: Discretion(claim).applied(to: handOver)),
            patience: .zero
        )
    }

    /// How long an outcome may wait for others, so that many are one call and one commit: its connection is hardly idle for
    /// longer, and nobody waits for it.
    ///
    /// Less than a millisecond costs more than it brings.
    static func patience(after handOver: Duration) -> Duration {
        let patience = min(handOver / 16, .milliseconds(5))
        return patience < .milliseconds(1) ? .zero : patience
    }

    /// Waits out what is short, as long as the lease lasts; what the place brings does not wait for it, and is stored.
    private func admit(_ claim: Claim, at place: inout Places.Place) async -> Gate.Verdict {
        while true {
            let verdict = gate.admit(claim)
            guard case .tooFast(let wait) = verdict, wait <= Carrier.patience,
                time.boot() + wait < claim.leasedUntil, !Task.isCancelled
            else { return verdict }
            if let debt = place.debt { await settle(debt.report, isOfFew: place.isOfFew) }
            place.debt = nil
            // Cancelled means that the claim is given back at the next look.
            _ = try? await Task.sleep(for: max(wait, .milliseconds(1)))
        }
    }

    /// Reports what may be told of an outcome.
    ///
    /// `isOfFew`: Whether it waits for no batch of those who have many in hand.
    func settle(_ report: Report, within patience: Duration = .zero, isOfFew: Bool = false) async {
        let settles = isOfFew ? settlesOfFew : settles
        _ = await uncancelled { await settles.submit(report, within: patience) }
    }

    /// Repeats the report until the server has it; the same report twice changes nothing.
    ///
    /// One that the server will never take holds up no other, and is told without the gateway's words.
    private static func settle(
        _ outcomes: [Report],
        at office: any PostOffice,
        _ report: @Sendable (String) -> Void
    ) async {
        var outcomes = outcomes
        var pause: Duration = .milliseconds(50)
        while true {
            do throws(LinkFailure) {
                return try await office.settle(outcomes)
            } catch  where error.isFinal {
                guard outcomes.count == 1, let refused = outcomes.first?.handOver else {
                    for outcome in outcomes { await settle([outcome], at: office, report) }
                    return
                }
                report("The server does not take the report of an outcome: \(error.reason)")
                let plain = HandOver(refused.outcome, retryAfter: refused.retryAfter)
                guard refused != plain else { return }
                outcomes[0].handOver = plain
            } catch {
                // The task is nobody's to cancel; it ends with the process at the latest.
                _ = try? await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(1))
            }
        }
    }
}

/// Runs work in a task of its own, which the cancellation of this one does not reach.
func uncancelled<Result: Sendable>(_ work: @escaping @Sendable () async -> Result) async -> Result {
    await Task.immediate { await work() }.value
}
