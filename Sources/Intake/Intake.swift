package import AuthEvents
package import Challenges
package import Clocks
package import JSON
package import Keys
package import Store

/// Why an event was not accepted; nothing of it is kept.
package enum IntakeRefusal: Error, Equatable {
    case invalid(EventProblem)
    /// The event names a tenant that the sender may not write for, or that is not declared.
    case forbidden
    case conflict
    case noRoute(Channel)
    case store(StoreError)
    /// The keys cannot be used.
    case keys(reason: String)
}

/// Decides on events: who may send what, under which challenge, until when.
package struct Intake: Sendable {
    private let store: any EventStore
    private let keys: Keyring
    private let tenants: [TenantName: Tenant]
    private let terms: [Purpose: PurposeTerms]
    private let time: any TimeSource

    package init(
        store: any EventStore,
        keys: Keyring,
        tenants: [Tenant],
        terms: [Purpose: PurposeTerms],
        time: any TimeSource
    ) {
        (self.store, self.keys, self.terms, self.time) = (store, keys, terms, time)
        self.tenants = Dictionary(tenants.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// What became of an event that was taken.
    package struct Receipt: Sendable, Equatable {
        /// The CloudEvents id.
        package var event: String
        package var isDuplicate: Bool
        package var accepted: AcceptedEvent
    }

    /// Takes one event.
    ///
    /// `bound`: The tenant that the sender's token is bound to, if any.
    package func submit(_ value: JSONValue, boundTo bound: TenantName?) async throws(IntakeRefusal) -> Receipt {
        let now = time.now()
        let event = try checked(value, now: now)
        if let bound, let named = event.tenant, bound != named { throw .forbidden }
        guard let tenant = tenants[event.tenant ?? bound ?? .default] else { throw .forbidden }
        let submission = try submission(of: event, tenant: tenant, now: now)
        let acceptance: Acceptance
        do {
            acceptance = try await store.accept(submission)
        } catch {
            throw .store(error)
        }
        switch acceptance {
        case .accepted(let accepted): return Receipt(event: event.id, isDuplicate: false, accepted: accepted)
        case .duplicate(let accepted): return Receipt(event: event.id, isDuplicate: true, accepted: accepted)
        case .conflict: throw .conflict
        case .noRoute(let channel): throw .noRoute(channel)
        }
    }

    private func checked(_ value: JSONValue, now: Instant) throws(IntakeRefusal) -> AuthEvent {
        do {
            return try AuthEvent(value, now: now)
        } catch {
            throw .invalid(error)
        }
    }

    private func submission(
        of event: AuthEvent,
        tenant: Tenant,
        now: Instant
    ) throws(IntakeRefusal) -> Submission {
        let terms = self.terms[event.purpose] ?? .standard(for: event.purpose)
        let life = try life(of: event, terms: terms)
        try check(event.link, of: tenant)
        var generator = SystemRandomNumberGenerator()
        let id = EventID(at: now, using: &generator)
        let session = event.session.map {
            keys.digest("session", [UInt8](tenant.name.description.utf8), [UInt8]($0.utf8))
        }
        var legs: [Submission.Leg] = []
        for channel in event.channels {
            guard let address = event.address(on: channel) else { throw .noRoute(channel) }
            legs.append(
                Submission.Leg(
                    delivery: DeliveryID(at: now, using: &generator),
                    channel: channel,
                    person: keys.person(address.compared, of: tenant.name),
                    challenge: Submission.NewChallenge(
                        id: ChallengeID(at: now, using: &generator),
                        digits: terms.digits,
                        tries: terms.tries,
                        life: life,
                        session: session,
                        codeKey: keys.codeKeyInUse
                    ),
                    minimumLife: min(terms.minimumLife, life)
                )
            )
        }
        let name = [UInt8](tenant.name.description.utf8)
        do {
            return Submission(
                event: id,
                tenant: tenant.name,
                purpose: event.purpose,
                name: event.id,
                source: event.source,
                locale: event.locale,
                identity: keys.digest("event", name, [UInt8](event.source.utf8), [UInt8](event.id.utf8)),
                content: keys.digest("content", EventContents.identity(of: event)),
                subject: event.subject.map { keys.digest("subject", name, [UInt8]($0.utf8)) },
                sealed: try keys.seal(EventContents.text(of: event), of: id),
                legs: legs,
                receivedAt: now
            )
        } catch {
            throw .keys(reason: "\(error)")
        }
    }

    /// The event's `ttl` may shorten the purpose's, not lengthen it.
    private func life(of event: AuthEvent, terms: PurposeTerms) throws(IntakeRefusal) -> Duration {
        guard let life = event.timeToLive else { return terms.timeToLive }
        guard life <= terms.timeToLive, life >= terms.minimumLife else {
            let bounds = "\(terms.minimumLife.text) to \(terms.timeToLive.text)"
            throw .invalid(EventProblem(at: dataPointer("ttl"), "ttl must be \(bounds) for \(event.purpose.name)"))
        }
        return life
    }

    private func check(_ link: String?, of tenant: Tenant) throws(IntakeRefusal) {
        guard let link else { return }
        guard tenant.links.contains(where: link.hasPrefix) else {
            throw .invalid(EventProblem(at: dataPointer("link"), "link must start with one of the tenant's links"))
        }
    }

    private func dataPointer(_ name: String) -> JSONPointer {
        JSONPointer().appending("data").appending(name)
    }
}
