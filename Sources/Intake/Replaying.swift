package import AuthEvents
package import Challenges
package import Clocks
package import Composition
package import Deliveries
package import Keys
package import Limits
import PhoneNumbers
import Spend
package import Store

/// Makes fresh deliveries, with fresh codes, for those that failed.
package struct Replaying: Sendable {
    /// So many candidates are looked at in one go; each go is one commit at the most.
    package static let slice = 100

    private let store: any ReplayStore
    private let keys: Keyring
    private let tenants: [TenantName: Tenant]
    private let terms: [Purpose: PurposeTerms]
    private let composer: Composer
    private let destinations: Destinations
    private let limits: LimitSet
    private let time: any TimeSource

    package init(
        store: any ReplayStore,
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

    /// What a replay would do now, and what it would cost; nothing is changed.
    package func preview(_ filter: DeliveryFilter, limit: Int) async throws(StoreError) -> ReplayPreview {
        var preview = ReplayPreview()
        var sums = ReplaySums()
        var cursor: DeliveryID?
        while preview.made < Int64(limit) {
            let candidates = try await store.candidates(filter, after: cursor, limit: Replaying.slice)
            let items = candidates.map { item(for: $0) }
            let judged = try await store.judge(items, besides: sums)
            sums = judged.sums
            for (item, fate) in zip(items, judged.fates) where preview.made < Int64(limit) { preview.add(item, fate) }
            guard candidates.count == Replaying.slice else { break }
            cursor = candidates.last?.delivery
        }
        return preview
    }

    /// Does the next of a replay: so many candidates at the most.
    package func advance(_ replay: Replay, atMost count: Int) async throws(StoreError) -> Replay {
        let limit = min(count, Replaying.slice)
        let candidates = try await store.candidates(replay.filter, after: replay.cursor, limit: limit)
        let isLast = candidates.count < limit
        return try await store.send(candidates.map { item(for: $0) }, of: replay.id, isLast: isLast)
    }

    private func item(for candidate: ReplayCandidate) -> ReplayItem {
        let now = time.now()
        guard var contents = try? keys.open(candidate.sealed, of: candidate.event) else {
            return ReplayItem(candidate: candidate, skip: .refused)
        }
        if candidate.isPrevious { contents = contents.toPreviousAddress }
        if contents.hasForeignCode { return ReplayItem(candidate: candidate, skip: .foreignCode) }
        guard let address = contents.comparedAddress(on: candidate.channel) else {
            return ReplayItem(candidate: candidate, skip: .refused)
        }
        let tenant = tenants[candidate.tenant] ?? Tenant(name: candidate.tenant)
        let purpose = candidate.isPrevious ? .notice : candidate.purpose
        let terms = terms[purpose] ?? .standard(for: purpose)
        var leg = Submission.Leg(
            delivery: newID(at: now),
            channel: candidate.channel,
            person: keys.person(address, of: candidate.tenant),
            anyone: keys.anyone(address),
            number: candidate.channel == .sms ? address : nil,
            proof: proof(of: candidate, terms, now),
            minimumLife: min(terms.minimumLife, terms.timeToLive),
            isPrevious: candidate.isPrevious
        )
        var facts = LimitFacts(
            tenant: candidate.tenant,
            home: tenant.defaultCountry,
            channel: candidate.channel,
            recipient: address,
            subject: contents.subject
        )
        if candidate.channel == .sms {
            guard let costs = costs(of: contents, purpose, tenant, terms, candidate.locale, now) else {
                return ReplayItem(candidate: candidate, skip: .refused)
            }
            facts.country = costs.country
            leg.costs = costs
        }
        leg.slots = keys.slots(of: limits.limits(of: candidate.tenant, at: .accept), facts)
        return ReplayItem(candidate: candidate, leg: leg)
    }

    private func newID(at now: Instant) -> DeliveryID {
        var generator = SystemRandomNumberGenerator()
        return DeliveryID(at: now, using: &generator)
    }

    /// A fresh code with a full life, or as much time again for a notice.
    private func proof(
        of candidate: ReplayCandidate,
        _ terms: PurposeTerms,
        _ now: Instant
    ) -> Submission.Proof {
        guard let id = candidate.challenge else { return .none(until: now + terms.timeToLive) }
        return .challenge(
            Submission.NewChallenge(
                id: id,
                digits: terms.digits,
                tries: terms.tries,
                life: terms.timeToLive,
                session: nil,
                codeKey: keys.codeKeyInUse
            )
        )
    }

    /// `nil` where the number is not written to any more, or has no price.
    private func costs(
        of contents: EventContents,
        _ purpose: Purpose,
        _ tenant: Tenant,
        _ terms: PurposeTerms,
        _ locale: String?,
        _ now: Instant
    ) -> Submission.Costs? {
        let message = composer.sms(
            contents,
            purpose: purpose,
            brand: tenant.brand,
            code: Code(digits: String(repeating: "0", count: terms.digits)),
            life: terms.timeToLive,
            wording: Wording(tenant: tenant.name, locale: locale)
        )
        guard let message, let number = try? PhoneNumber(message.to),
            let quotes = try? destinations.quotes(
                to: number,
                SegmentCount(message.text),
                home: tenant.defaultCountry,
                at: now
            )
        else { return nil }
        return Submission.Costs(
            country: number.region ?? "",
            quotes: quotes,
            tooDear: destinations.tooDear(for: number, at: now),
            numberType: number.kind.rawValue
        )
    }
}
