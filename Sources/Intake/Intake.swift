package import AuthEvents
package import Challenges
package import Clocks
package import Composition
private import Cryptography
package import Deliveries
package import JSON
package import Keys
package import Limits
import PhoneNumbers
package import Store

/// Why an event was not accepted; nothing of it is kept.
package enum IntakeRefusal: Error, Equatable {
    case invalid(EventProblem)
    /// The event names a tenant that the sender may not write for, or that is not declared.
    case forbidden
    case conflict
    /// A channel cannot be written to; `other` are those that the event has an address for besides.
    case refused(LegRefusal, other: [Channel])
    case store(StoreError)
    /// The keys cannot be used.
    case keys(reason: String)
}

/// Decides on events: who may send what, under which challenge, until when.
package struct Intake: Sendable {
    private let store: any EventStore
    let keys: Keyring
    private let tenants: [TenantName: Tenant]
    private let terms: [Purpose: PurposeTerms]
    let composer: Composer
    let destinations: Destinations
    let limits: LimitSet
    private let time: any TimeSource

    package init(
        store: any EventStore,
        keys: Keyring,
        tenants: [Tenant],
        terms: [Purpose: PurposeTerms],
        composer: Composer,
        destinations: Destinations,
        limits: LimitSet,
        time: any TimeSource
    ) {
        (self.store, self.keys, self.terms, self.time) = (store, keys, terms, time)
        (self.composer, self.destinations, self.limits) = (composer, destinations, limits)
        self.tenants = Dictionary(tenants.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// What became of an event that was taken.
    package struct Receipt: Sendable, Equatable {
        /// The CloudEvents id.
        package var event: String
        package var isDuplicate: Bool
        package var accepted: AcceptedEvent
        /// Those that the event has an address for.
        package var channels: [Channel]
    }

    /// Takes events, each for itself: one that is refused does not sink the others.
    ///
    /// `bound`: The tenant that the sender's token is bound to, if any.
    ///
    /// Throws where the store took none of them.
    package func submit(
        _ values: [JSONValue],
        boundTo bound: TenantName?
    ) async throws(IntakeRefusal) -> [Result<Receipt, IntakeRefusal>] {
        let now = time.now()
        var generator = RandomBlock()
        var results: [Result<Receipt, IntakeRefusal>?] = []
        var events: [(index: Int, event: AuthEvent)] = []
        var submissions: [Submission] = []
        for value in values {
            do throws(IntakeRefusal) {
                let (event, submission) = try prepared(value, boundTo: bound, now: now, using: &generator)
                events.append((results.count, event))
                submissions.append(submission)
                results.append(nil)
            } catch {
                results.append(.failure(error))
            }
        }
        let acceptances: [Acceptance]
        do throws(StoreError) {
            acceptances = submissions.isEmpty ? [] : try await store.accept(submissions)
        } catch {
            throw .store(error)
        }
        for ((index, event), acceptance) in zip(events, acceptances) {
            results[index] = result(of: event, acceptance)
        }
        return results.compactMap(\.self)
    }

    private func prepared(
        _ value: JSONValue,
        boundTo bound: TenantName?,
        now: Instant,
        using generator: inout RandomBlock
    ) throws(IntakeRefusal) -> (AuthEvent, Submission) {
        let event = try checked(value, now: now)
        if let bound, let named = event.tenant, bound != named { throw .forbidden }
        guard let tenant = tenants[event.tenant ?? bound ?? .default] else { throw .forbidden }
        return (event, try submission(of: event, tenant: tenant, now: now, using: &generator))
    }

    private func result(of event: AuthEvent, _ acceptance: Acceptance) -> Result<Receipt, IntakeRefusal> {
        let channels = Channel.allCases.filter { $0 == .email ? event.email != nil : event.phone != nil }
        switch acceptance {
        case .accepted(let accepted):
            return .success(Receipt(event: event.id, isDuplicate: false, accepted: accepted, channels: channels))
        case .duplicate(let accepted):
            return .success(Receipt(event: event.id, isDuplicate: true, accepted: accepted, channels: channels))
        case .conflict: return .failure(.conflict)
        case .invalid(let problem): return .failure(.invalid(problem))
        case .refused(let refusal, let others):
            return .failure(.refused(refusal, other: others.filter { $0 != refusal.channel }))
        }
    }

    private func checked(_ value: JSONValue, now: Instant) throws(IntakeRefusal) -> AuthEvent {
        do {
            return try AuthEvent(value, now: now) { terms(of: $0).channels }
        } catch {
            throw .invalid(error)
        }
    }

    private func submission(
        of event: AuthEvent,
        tenant: Tenant,
        now: Instant,
        using generator: inout RandomBlock
    ) throws(IntakeRefusal) -> Submission {
        var plan = LegPlan(event: event, tenant: tenant, now: now, using: &generator)
        plan.phone = try number(event.phone, "phone", of: tenant)
        plan.previousPhone = try number(event.previousPhone, "previous_phone", of: tenant)
        let (legs, refused) = legs(of: plan)
        let id = EventID(at: now, using: &generator)
        let name = [UInt8](tenant.name.description.utf8)
        let text = EventContents.text(of: event, phone: plan.phone?.e164, previousPhone: plan.previousPhone?.e164)
        do {
            var submission = Submission(
                event: id,
                tenant: tenant.name,
                purpose: event.purpose,
                name: event.id,
                source: event.source,
                locale: event.locale,
                identity: keys.digest("event", name, [UInt8](event.source.utf8), [UInt8](event.id.utf8)),
                content: keys.digest("content", EventContents.identity(of: event)),
                subject: event.subject.map { keys.digest("subject", name, [UInt8]($0.utf8)) },
                sealed: try keys.seal(text, of: id),
                brought: try EventContents.erasableText(of: event).map { try keys.sealBrought($0, of: id) },
                reopens: event.reopens,
                legs: legs,
                isGroup: event.isGroup,
                refused: refused,
                problem: problem(of: event, tenant: tenant, now: now),
                receivedAt: now
            )
            (submission.type, submission.occurredAt) = (event.type.name, event.time)
            submission.alternatives = { [plan] in self.alternatives(to: plan) }
            return submission
        } catch {
            throw .keys(reason: "\(error)")
        }
    }

    /// A number in the event, read with the tenant's country.
    private func number(_ text: String?, _ member: String, of tenant: Tenant) throws(IntakeRefusal) -> PhoneNumber? {
        guard let text else { return nil }
        do throws(PhoneNumberError) {
            return try PhoneNumber(text, defaultRegion: tenant.defaultCountry)
        } catch {
            throw .invalid(EventProblem(at: dataPointer(member), error.description))
        }
    }

    /// What the settings have against the event.
    private func problem(of event: AuthEvent, tenant: Tenant, now: Instant) -> EventProblem? {
        let terms = terms(of: event.purpose)
        if let life = event.timeToLive, life > terms.timeToLive || life < terms.minimumLife {
            let bounds = "\(terms.minimumLife.text) to \(terms.timeToLive.text)"
            return EventProblem(at: dataPointer("ttl"), "ttl must be \(bounds) for \(event.purpose.name)")
        }
        if let link = event.link, !MessageLink.isAllowed(link, by: tenant.links) {
            return EventProblem(at: dataPointer("link"), "link must start with one of the tenant's links")
        }
        do throws(EventProblem) {
            try event.foreignCode?.checkLife(at: now, minimum: terms.minimumLife)
            return nil
        } catch {
            return error
        }
    }

    func terms(of purpose: Purpose) -> PurposeTerms { terms[purpose] ?? .standard(for: purpose) }

    private func dataPointer(_ name: String) -> JSONPointer {
        JSONPointer().appending("data").appending(name)
    }
}
