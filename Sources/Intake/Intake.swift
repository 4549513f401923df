package import AuthEvents
package import Challenges
package import Clocks
package import Composition
package import Deliveries
package import JSON
package import Keys
private import PhoneNumbers
private import Spend
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
    private let keys: Keyring
    private let tenants: [TenantName: Tenant]
    private let terms: [Purpose: PurposeTerms]
    private let composer: Composer
    private let destinations: Destinations
    private let time: any TimeSource

    package init(
        store: any EventStore,
        keys: Keyring,
        tenants: [Tenant],
        terms: [Purpose: PurposeTerms],
        composer: Composer,
        destinations: Destinations,
        time: any TimeSource
    ) {
        (self.store, self.keys, self.terms, self.time) = (store, keys, terms, time)
        (self.composer, self.destinations) = (composer, destinations)
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
        let channels = Channel.allCases.filter { $0 == .email ? event.email != nil : event.phone != nil }
        switch acceptance {
        case .accepted(let accepted):
            return Receipt(event: event.id, isDuplicate: false, accepted: accepted, channels: channels)
        case .duplicate(let accepted):
            return Receipt(event: event.id, isDuplicate: true, accepted: accepted, channels: channels)
        case .conflict: throw .conflict
        case .refused(let refusal): throw .refused(refusal, other: channels.filter { $0 != refusal.channel })
        }
    }

    private func checked(_ value: JSONValue, now: Instant) throws(IntakeRefusal) -> AuthEvent {
        do {
            return try AuthEvent(value, now: now) { (terms[$0] ?? .standard(for: $0)).channels }
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
        let phone = try phone(of: event, tenant: tenant)
        // A second factor and a recovery without a session stand for themselves: two of them must not share a code.
        let mayResend = session != nil || ![.mfa, .recovery].contains(event.purpose)
        // In the order of the channels, also where an answer is read back by id.
        let deliveries = event.channels.map { _ in DeliveryID(at: now, using: &generator) }.sorted()
        let challenges = event.channels.map { _ in ChallengeID(at: now, using: &generator) }.sorted()
        var legs: [Submission.Leg] = []
        var refused: [LegRefusal] = []
        for (index, channel) in event.channels.enumerated() {
            guard let address = channel == .email ? event.email?.compared : phone?.e164 else { continue }
            var leg = Submission.Leg(
                delivery: deliveries[index],
                channel: channel,
                person: keys.person(address, of: tenant.name),
                challenge: Submission.NewChallenge(
                    id: challenges[index],
                    digits: terms.digits,
                    tries: terms.tries,
                    life: life,
                    session: session,
                    codeKey: keys.codeKeyInUse
                ),
                mayResend: mayResend,
                minimumLife: min(terms.minimumLife, life)
            )
            if channel == .sms, let phone {
                do throws(DestinationRefusal) {
                    leg.costs = try costs(of: event, to: phone, tenant: tenant, digits: terms.digits, now: now)
                } catch {
                    refused.append(LegRefusal(channel: channel, cause: .destination(error)))
                    continue
                }
            }
            legs.append(leg)
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
                sealed: try keys.seal(EventContents.text(of: event, phone: phone?.e164), of: id),
                legs: legs,
                isGroup: event.isGroup,
                refused: refused,
                receivedAt: now
            )
        } catch {
            throw .keys(reason: "\(error)")
        }
    }

    /// The number in the event, read with the tenant's country.
    private func phone(of event: AuthEvent, tenant: Tenant) throws(IntakeRefusal) -> PhoneNumber? {
        guard let text = event.phone else { return nil }
        do throws(PhoneNumberError) {
            return try PhoneNumber(text, defaultRegion: tenant.defaultCountry)
        } catch {
            throw .invalid(EventProblem(at: dataPointer("phone"), error.description))
        }
    }

    /// What the text would cost; with any code of as many digits it has as many segments.
    private func costs(
        of event: AuthEvent,
        to phone: PhoneNumber,
        tenant: Tenant,
        digits: Int,
        now: Instant
    ) throws(DestinationRefusal) -> Submission.Costs {
        let code = Code(digits: String(repeating: "0", count: digits))
        let text = composer.smsText(purpose: event.purpose, brand: tenant.brand, code: code)
        let quotes = try destinations.quotes(to: phone, SegmentCount(text), home: tenant.defaultCountry, at: now)
        return Submission.Costs(country: phone.region ?? "", quotes: quotes)
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
