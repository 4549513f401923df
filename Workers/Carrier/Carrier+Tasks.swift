private import AuthEvents
private import Clocks
private import Deliveries

extension Carrier {
    /// Does a task when a connection is free for it, or gives it back.
    func perform(_ task: CarrierTask, at slot: GatewaySlot, _ places: Places) async {
        guard let place = await places.take(task.party) else {
            return await settle(task.token, HandOver(.released, code: Task.isCancelled ? nil : "no_connection"))
        }
        defer { places.leave(place) }
        switch task {
        case .send(let claim): await carry(claim, to: slot, isOfFew: place.isOfFew)
        case .ask(let question): await ask(question, at: slot)
        case .probe(let probe): await self.probe(probe, at: slot)
        }
    }

    /// One question; nothing is begun for it, and the gate lets it pass, for nobody gets a message.
    private func ask(_ question: Question, at slot: GatewaySlot) async {
        guard !Task.isCancelled, time.boot() < question.leasedUntil else {
            return await settle(question.token, HandOver(.released))
        }
        let answer = await uncancelled { await slot.gateway.ask(question) }
        await settle(question.token, Discretion(question).applied(to: answer))
    }

    private func probe(_ probe: Probe, at slot: GatewaySlot) async {
        guard !Task.isCancelled, time.boot() < probe.leasedUntil else {
            return await settle(probe.token, HandOver(.released))
        }
        let answer = await uncancelled { await slot.gateway.probe(timeout: probe.timeout) }
        await settle(probe.token, answer.ofProbe)
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
