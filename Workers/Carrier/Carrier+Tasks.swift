private import AuthEvents
private import Clocks
private import Deliveries

extension Carrier {
    /// Does a task when a connection is free for it, or gives it back.
    ///
    /// The connection goes on to the next with what became of this one, to be stored with its begin. Where nobody waits for it, or
    /// where it failed, that is stored at once. So of a gateway's words a call that begins holds references alone, within the
    /// bounds that the server sets them.
    func perform(_ task: CarrierTask, at slot: GatewaySlot, _ places: Places) async {
        guard let place = await places.take(task.party) else {
            let released = HandOver(.released, code: Task.isCancelled ? nil : "no_connection")
            return await settle(Report(token: task.token, handOver: released))
        }
        if let debt = await outcome(of: task, at: slot, place) {
            if debt.report.handOver.outcome == .accepted, places.handOn(place, owing: debt) { return }
            await settle(debt.report, within: debt.patience, isOfFew: place.isOfFew)
        }
        places.leave(place)
    }

    private func outcome(of task: CarrierTask, at slot: GatewaySlot, _ place: Places.Place) async -> Places.Debt? {
        let answer: @Sendable () async -> HandOver
        switch task {
        case .send(let claim): return await carry(claim, to: slot, at: place)
        case .ask(let question): answer = { await self.answer(to: question, at: slot) }
        case .probe(let probe): answer = { await self.answer(to: probe, at: slot) }
        }
        // Nothing begins here that could take it along.
        if let debt = place.debt { await settle(debt.report, isOfFew: place.isOfFew) }
        return await Places.Debt(report: Report(token: task.token, handOver: answer()), patience: .zero)
    }

    /// Nothing is begun for a question, and the gate lets it pass, for nobody gets a message.
    private func answer(to question: Question, at slot: GatewaySlot) async -> HandOver {
        guard !Task.isCancelled, time.boot() < question.leasedUntil else { return HandOver(.released) }
        let answer = await uncancelled { await slot.gateway.ask(question) }
        return Discretion(question).applied(to: answer)
    }

    private func answer(to probe: Probe, at slot: GatewaySlot) async -> HandOver {
        guard !Task.isCancelled, time.boot() < probe.leasedUntil else { return HandOver(.released) }
        return await uncancelled { await slot.gateway.probe(timeout: probe.timeout) }.ofProbe
    }
}

extension CarrierTask {
    /// What is no message counts as of one tenant, and as the least urgent.
    fileprivate var party: Places.Party {
        let last = Purpose.priorities.upperBound
        guard case .send(let claim) = self else { return Places.Party(tenant: "", priority: last) }
        return Places.Party(tenant: claim.tenant, priority: Purpose(name: claim.purpose)?.priority ?? last)
    }
}
