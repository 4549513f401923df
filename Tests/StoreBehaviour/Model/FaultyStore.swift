import AuthEvents
import Challenges
import Clocks
import Deliveries
import Limits
import Spend
import Store
import Synchronization
import TestSupport

/// Passes all on to another store, and does one thing wrong.
struct FaultyStore: Sendable {
    /// What outlives a restart.
    final class Memory: Sendable {
        let slots = Mutex<[DeliveryID: [Slot]]>([:])
        /// How often each was claimed since it was last begun.
        let claims = Mutex<[DeliveryID: Int]>([:])
    }

    let base: any PostOfficeStore
    let fault: PlantedFault
    let memory: Memory
}

// MARK: What is done wrong

extension FaultyStore: EventStore, ChallengeStore, DeliveryQueue {
    func accept(_ submissions: [Submission]) async throws(StoreError) -> [Acceptance] {
        let answers = try await base.accept(submissions)
        for (submission, answer) in zip(submissions, answers) {
            guard case .accepted(let event) = answer, let id = event.deliveries.first?.id else { continue }
            memory.slots.withLock { $0[id] = submission.legs.first?.slots }
        }
        return answers
    }

    func cancel(_ id: DeliveryID, of tenant: TenantName?) async throws(StoreError) -> Bool? {
        let isDone = try await base.cancel(id, of: tenant)
        guard fault == .losesSlots, isDone == true, let slots = memory.slots.withLock({ $0[id] }) else { return isDone }
        // A try at nobody takes them again.
        var dice = SeededGenerator(seed: 1)
        var attempt = VerificationAttempt(
            target: .challenge(ChallengeID(at: Instant(milliseconds: 1), using: &dice), of: nil),
            session: nil,
            idempotencyKey: nil,
            content: Digest(of: "content"),
            personTries: Scene.personTries,
            challengeTries: { _ in 1 }
        )
        attempt.slots = { _ in slots }
        _ = try await base.verify(attempt) { _, _ in .mismatch }
        return isDone
    }

    func verify(
        _ attempt: VerificationAttempt,
        judge: @escaping @Sendable ([StoredChallenge], Instant) -> Verdict
    ) async throws(StoreError) -> VerificationResult {
        let result = try await base.verify(attempt, judge: judge)
        if fault == .chargesTwice, case .mismatch = result { return try await base.verify(attempt, judge: judge) }
        return result
    }

    func begin(
        _ items: [BeginItem],
        behind outcomes: [Settlement],
        for gateways: Set<String>?
    ) async throws(StoreError) -> (begun: [BeginResult], settled: [SettleResult]) {
        let booked = fault == .forgetsOutcomes ? [] : outcomes
        var answers = try await base.begin(items.map(altered), behind: booked, for: gateways)
        if fault == .forgetsOutcomes { answers.settled = outcomes.map { _ in .applied } }
        for (item, answer) in zip(items, answers.begun) where answer == .go {
            memory.claims.withLock { $0[item.token.delivery] = nil }
        }
        return answers
    }

    private func altered(_ item: BeginItem) -> BeginItem {
        switch (fault, item.spend) {
        case (.commitsLess, .quote(var quote)) where quote.amount.micros > 10_000:
            quote.amount = .cents(1)
            return BeginItem(token: item.token, spend: .quote(quote))
        case (.beginsMismatches, .mismatch):
            let quote = AttemptQuote(segments: 1, encoding: .gsm7, amount: .cents(1), priceVersion: "prices-2")
            return BeginItem(token: item.token, spend: .quote(quote))
        default: return item
        }
    }

    func settle(_ outcomes: [Settlement], for gateways: Set<String>?) async throws(StoreError) -> [SettleResult] {
        let answers = try await base.settle(outcomes, for: gateways)
        return fault == .believesTheStale ? answers.map { $0 == .stale ? .applied : $0 } : answers
    }

    func challenge(
        _ id: ChallengeID,
        of tenant: TenantName?,
        personTries: Rate
    ) async throws(StoreError) -> ChallengeReport? {
        try await base.challenge(id, of: tenant, personTries: personTries)
    }

    func claim(_ request: ClaimRequest) async throws(StoreError) -> [ClaimedDelivery] {
        var request = request
        if fault == .keepsNothing { request.inHandBelow = nil }
        let claimed = try await base.claim(request)
        let counts = memory.claims.withLock { claims in
            claimed.map { claim in
                claims[claim.token.delivery, default: 0] += 1
                return claims[claim.token.delivery]
            }
        }
        guard fault == .buriesEarly, counts.contains(3) else { return claimed }
        // The third is taken for dead at once.
        request.instance += ", risen"
        return try await base.claim(request)
    }

    func questions(_ request: ClaimRequest, isShare: Bool) async throws(StoreError) -> [ClaimedQuestion] {
        try await base.questions(request, isShare: isShare)
    }

    func waitForWork(
        _ request: ClaimRequest,
        since seen: WorkMark,
        until deadline: BootInstant,
        isPeerThere: @escaping @Sendable () -> Bool
    ) async -> [ClaimedDelivery] {
        await base.waitForWork(request, since: seen, until: deadline, isPeerThere: isPeerThere)
    }

    func workMark() -> WorkMark { base.workMark() }
    func wake(_ gateways: [String]) { base.wake(gateways) }
    func free(_ tokens: [CarrierToken]) async throws(StoreError) { try await base.free(tokens) }
    func refuse(_ token: CarrierToken) async throws(StoreError) { try await base.refuse(token) }
    var isClosing: Bool { base.isClosing }
    var epoch: [UInt8] { base.epoch }
}

extension FaultyStore: DeliveryRecords, HoldStore, Housekeeping, SuppressionStore {
    func delivery(_ id: DeliveryID, of tenant: TenantName?) async throws(StoreError) -> DeliveryReport? {
        var report = try await base.delivery(id, of: tenant)
        if fault == .hidesDeliveries, report?.state == .delivered { report?.state = .accepted }
        return report
    }

    func pause(_ channel: Channel) async throws(StoreError) {
        if fault != .forgetsPauses { try await base.pause(channel) }
    }

    func sweep() async throws(StoreError) -> Bool {
        fault == .sweepsNothing ? false : try await base.sweep()
    }

    func add(_ suppression: Suppression, persons: [Digest]) async throws(StoreError) -> Suppression {
        var other = suppression
        if fault == .keepsSuppressed { other.until = Instant(milliseconds: 0) }
        return try await base.add(other, persons: persons)
    }

    func chronicle(_ id: DeliveryID, of tenant: TenantName?) async throws(StoreError) -> Chronicle? {
        try await base.chronicle(id, of: tenant)
    }

    func deliveries(_ filter: DeliveryFilter) async throws(StoreError) -> DeliveryPage {
        try await base.deliveries(filter)
    }

    func deliveries(
        to persons: [Digest],
        after: DeliveryID?,
        limit: Int
    ) async throws(StoreError) -> DeliveryPage {
        try await base.deliveries(to: persons, after: after, limit: limit)
    }

    func standing(of tenant: TenantName?) async throws(StoreError) -> Standing { try await base.standing(of: tenant) }
    func add(_ hold: Hold) async throws(StoreError) -> Hold { try await base.add(hold) }

    func removeHold(_ id: HoldID, of tenant: TenantName?) async throws(StoreError) -> Bool {
        try await base.removeHold(id, of: tenant)
    }

    func resume(_ channel: Channel) async throws(StoreError) { try await base.resume(channel) }
    func holds(of tenant: TenantName?) async throws(StoreError) -> [Hold] { try await base.holds(of: tenant) }
    func tidy(_ terms: RetentionTerms) async throws(StoreError) -> Tidying { try await base.tidy(terms) }
    func probe() async throws(StoreError) { try await base.probe() }

    func removeSuppression(_ id: SuppressionID, of tenant: TenantName?) async throws(StoreError) -> Bool {
        try await base.removeSuppression(id, of: tenant)
    }

    func suppressions(
        of tenant: TenantName?,
        after: SuppressionID?,
        limit: Int
    ) async throws(StoreError) -> [Suppression] {
        try await base.suppressions(of: tenant, after: after, limit: limit)
    }
}
