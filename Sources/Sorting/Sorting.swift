package import AuthEvents
package import Challenges
package import Clocks
package import Composition
package import Deliveries
package import Keys
package import Store

/// A claim that is ready to be handed out: the lease and the message.
package struct WrittenClaim: Sendable {
    package var claim: ClaimedDelivery
    package var mail: ComposedMail
    /// For gateways of kind `sandbox` only.
    package var code: Code?
    /// From now until the claim goes back.
    package var lease: Duration
    /// From now until the send deadline.
    package var sendWithin: Duration
    /// From now until the code expires.
    package var validFor: Duration
}

/// Gives carriers what is due, written, and takes back what they report.
package struct Sorting: Sendable {
    private let queue: any DeliveryQueue
    private let keys: Keyring
    private let composer: Composer
    private let tenants: [TenantName: Tenant]
    private let time: any TimeSource

    package init(
        queue: any DeliveryQueue,
        keys: Keyring,
        composer: Composer,
        tenants: [Tenant],
        time: any TimeSource
    ) {
        (self.queue, self.keys, self.composer, self.time) = (queue, keys, composer, time)
        self.tenants = Dictionary(tenants.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Claims, and waits for work where there is none.
    ///
    /// `wait`: The longest wait.
    ///
    /// `isPeerThere`: Asked before anything is leased after a wait, so that nothing is given to a carrier that died.
    package func claim(
        _ request: ClaimRequest,
        wait: Duration,
        isPeerThere: @Sendable () -> Bool
    ) async throws(StoreError) -> [WrittenClaim] {
        let deadline = time.boot() + wait
        while true {
            let mark = queue.workMark()
            guard isPeerThere() else { return [] }
            let claims = try await write(queue.claim(request))
            guard claims.isEmpty, time.boot() < deadline, !Task.isCancelled, !queue.isClosing else { return claims }
            await queue.waitForWork(at: request.gateways, since: mark, until: deadline)
        }
    }

    package func free(_ tokens: [CarrierToken]) async throws(StoreError) { try await queue.free(tokens) }

    package func begin(_ tokens: [CarrierToken]) async throws(StoreError) -> [BeginResult] {
        try await queue.begin(tokens)
    }

    package func settle(_ outcomes: [Settlement]) async throws(StoreError) -> [SettleResult] {
        try await queue.settle(outcomes.map(\.withoutPersons))
    }

    private func write(_ claims: [ClaimedDelivery]) async throws(StoreError) -> [WrittenClaim] {
        let now = time.now()
        var written: [WrittenClaim] = []
        for claim in claims {
            if let whole = write(claim, now: now) {
                written.append(whole)
            } else {
                // Its keys or its address are gone: no carrier will ever be able to send it.
                try await queue.refuse(claim.token)
            }
        }
        return written
    }

    private func write(_ claim: ClaimedDelivery, now: Instant) -> WrittenClaim? {
        guard let contents = try? keys.open(claim.sealed, of: claim.event),
            let address = contents.comparedAddress(on: claim.channel)
        else { return nil }
        let origin = CodeOrigin(
            epoch: queue.epoch,
            challenge: claim.challenge,
            number: claim.code.number,
            purpose: claim.purpose,
            address: address
        )
        let brand = (tenants[claim.tenant] ?? Tenant(name: claim.tenant)).brand
        guard let code = try? keys.code(origin, digits: claim.code.digits, key: claim.code.key),
            let mail = composer.mail(
                contents,
                delivery: claim.token.delivery,
                purpose: claim.purpose,
                brand: brand,
                code: code,
                life: claim.expiresAt - now
            )
        else { return nil }
        return WrittenClaim(
            claim: claim,
            mail: mail,
            code: claim.gateway.kind == "sandbox" ? code : nil,
            lease: GatewayTerms.claimLease,
            sendWithin: claim.sendBefore - now,
            validFor: claim.expiresAt - now
        )
    }
}

extension Settlement {
    /// A gateway's words with what may name a person or be a code struck out.
    fileprivate var withoutPersons: Settlement {
        var settlement = self
        settlement.detail = detail.map { GatewayWords.strikingOut($0) }
        settlement.gatewayReference = gatewayReference.map { GatewayWords.strikingOut($0) }
        return settlement
    }
}
