package import AuthEvents
import Challenges
package import Clocks
package import Composition
package import Deliveries
package import Keys
import Spend
package import Store

/// Gives carriers what is due, written, and takes back what they report.
package struct Sorting: Sendable {
    private let queue: any DeliveryQueue
    private let keys: Keyring
    private let composer: Composer
    private let tenants: [TenantName: Tenant]
    private let destinations: Destinations
    private let time: any TimeSource

    package init(
        queue: any DeliveryQueue,
        keys: Keyring,
        composer: Composer,
        tenants: [Tenant],
        destinations: Destinations,
        time: any TimeSource
    ) {
        (self.queue, self.keys, self.composer, self.time) = (queue, keys, composer, time)
        self.destinations = destinations
        self.tenants = Dictionary(tenants.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Claims, and waits for work where there is none.
    ///
    /// `wait`: The longest wait.
    ///
    /// `isPeerThere`: Asked before anything is leased after a wait, so that nothing is given to a carrier that died.
    ///
    /// `isCalledOff`: Asked before each wait; something else waits for the carrier.
    package func claim(
        _ request: ClaimRequest,
        wait: Duration,
        isPeerThere: @escaping @Sendable () -> Bool,
        isCalledOff: @Sendable () -> Bool = { false }
    ) async throws(StoreError) -> ClaimedWork {
        let deadline = time.boot() + wait
        while true {
            let mark = queue.workMark()
            guard isPeerThere() else { return ClaimedWork() }
            let work = try await work(request)
            guard work.isEmpty, time.boot() < deadline, !Task.isCancelled, !queue.isClosing, !isCalledOff() else {
                return work
            }
            let claims = await queue.waitForWork(request, since: mark, until: deadline, isPeerThere: isPeerThere)
            guard claims.isEmpty else { return ClaimedWork(try await write(claims)) }
        }
    }

    /// Questions have a share of a claim, and all of it where nothing is to be sent.
    private func work(_ request: ClaimRequest) async throws(StoreError) -> ClaimedWork {
        var work = ClaimedWork()
        guard request.inHandBelow == nil else {
            // Nobody waits for an answer to a question.
            work.claims = try await write(queue.claim(request))
            return work
        }
        work.questions = try await write(queue.questions(request, isShare: true))
        var rest = request
        rest.limit -= work.questions.count
        if rest.limit > 0 { work.claims = try await write(queue.claim(rest)) }
        if work.claims.isEmpty, rest.limit > 0 {
            work.questions += try await write(queue.questions(rest, isShare: false))
        }
        return work
    }

    /// See ``DeliveryQueue/wake(_:)``.
    package func wake(_ gateways: [String]) { queue.wake(gateways) }

    package func free(_ tokens: [CarrierToken]) async throws(StoreError) { try await queue.free(tokens) }

    /// See ``DeliveryQueue/cancel(_:of:)``.
    package func cancel(_ id: DeliveryID, of tenant: TenantName?) async throws(StoreError) -> Bool? {
        try await queue.cancel(id, of: tenant)
    }

    /// The code that the message is to hold: the application's own, never another in its place, or the one derived anew.
    private func code(of claim: ClaimedDelivery, _ contents: EventContents) -> Code? {
        if contents.hasForeignCode { return contents.foreignCode.map(Code.init(digits:)) }
        guard let place = claim.code, let address = contents.comparedAddress(on: claim.channel) else { return nil }
        let origin = CodeOrigin(
            epoch: queue.epoch,
            challenge: place.challenge,
            number: place.number,
            purpose: claim.purpose,
            address: address
        )
        return try? keys.code(origin, digits: place.digits, key: place.key)
    }

    /// Lets attempts begin whose carrier counted and priced the text as the server did, behind outcomes that are booked first.
    ///
    /// See ``DeliveryQueue/begin(_:behind:for:)``.
    package func begin(
        _ reports: [BeginReport],
        behind outcomes: [Settlement],
        for gateways: Set<String>?
    ) async throws(StoreError) -> (begun: [BeginResult], settled: [SettleResult]) {
        let items = reports.map { report in
            report.token.flatMap { token in spend(report, token).map { BeginItem(token: token, spend: $0) } }
        }
        let known = items.compactMap(\.self)
        guard !known.isEmpty || !outcomes.isEmpty else { return (items.map { _ in .stale }, []) }
        let (begun, settled) = try await queue.begin(known, behind: outcomes.map(genuine), for: gateways)
        var results = begun[...]
        return (items.map { $0 == nil ? .stale : results.removeFirst() }, settled)
    }

    /// `nil` for a quote that this server, or one with the same keys, has not signed.
    private func spend(_ report: BeginReport, _ token: CarrierToken) -> BeginItem.Spend? {
        guard let signed = token.quote else { return BeginItem.Spend.none }
        guard isGenuine(signed, for: token) else { return nil }
        guard let figure = report.figure,
            signed.quote.agrees(segments: figure.segments, encoding: figure.encoding, amount: figure.amount)
        else { return .mismatch }
        return .quote(signed.quote)
    }

    private func isGenuine(_ signed: SignedQuote, for token: CarrierToken) -> Bool {
        signed.signature == signature(of: signed.quote, for: token).bytes
    }

    private func signature(of quote: AttemptQuote, for token: CarrierToken) -> Digest {
        keys.digest("quote", token.claimBytes, quote.bytes)
    }

    /// Books outcomes; a price in a token that nobody signed is not the server's, and counts as none.
    ///
    /// `gateways`: See ``DeliveryQueue/settle(_:for:)``.
    package func settle(
        _ outcomes: [Settlement],
        for gateways: Set<String>?
    ) async throws(StoreError) -> [SettleResult] {
        try await queue.settle(outcomes.map(genuine), for: gateways)
    }

    private func genuine(_ reported: Settlement) -> Settlement {
        var outcome = reported.withoutPersons
        if let signed = outcome.token.quote, !isGenuine(signed, for: outcome.token) { outcome.token.quote = nil }
        return outcome
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

    /// What cannot be read any more is left to its lease.
    private func write(_ questions: [ClaimedQuestion]) -> [WrittenQuestion] {
        questions.compactMap { question in
            guard let opened = try? keys.open(question.sealed, of: question.event) else { return nil }
            let contents = question.isPrevious ? opened.toPreviousAddress : opened
            let address = question.channel == .email ? contents.email?.deliverable : contents.phone
            return address.map {
                WrittenQuestion(question: question, to: $0, lease: question.gateway.sendingLease)
            }
        }
    }

    private func write(_ claim: ClaimedDelivery, now: Instant) -> WrittenClaim? {
        guard var contents = try? keys.open(claim.sealed, brought: claim.brought, of: claim.event) else { return nil }
        if claim.isPrevious { contents = contents.toPreviousAddress }
        let purpose = claim.isPrevious ? .notice : claim.purpose
        guard contents.comparedAddress(on: claim.channel) != nil else { return nil }
        var code: Code?
        if purpose.carriesCode {
            guard let found = self.code(of: claim, contents) else { return nil }
            code = found
        }
        let brand = (tenants[claim.tenant] ?? Tenant(name: claim.tenant)).brand
        let wording = Wording(tenant: claim.tenant, locale: claim.locale)
        let life = claim.expiresAt - now
        let message =
            switch claim.channel {
            case .email:
                composer.mail(
                    contents,
                    delivery: claim.token.delivery,
                    purpose: purpose,
                    brand: brand,
                    code: code,
                    life: life,
                    wording: wording
                )
            case .sms:
                composer.sms(contents, purpose: purpose, brand: brand, code: code, life: life, wording: wording)
            }
        guard let message else { return nil }
        var written = WrittenClaim(
            claim: claim,
            message: message,
            code: claim.gateway.kind == "sandbox" ? code : nil,
            lease: GatewayTerms.claimLease,
            sendWithin: claim.sendBefore - now,
            validFor: life
        )
        guard claim.channel == .sms else { return written }
        // Without a price nothing may be spent: the tables changed since it was accepted.
        let gateway = claim.gateway.name
        guard let price = destinations.price(of: message.to, country: claim.country, at: gateway, now: now) else {
            return nil
        }
        let count = SegmentCount(message.text)
        let quote = AttemptQuote(
            segments: Int64(count.segments),
            encoding: count.encoding,
            amount: price.amount(segments: count.segments),
            priceVersion: price.version
        )
        let signature = signature(of: quote, for: claim.token)
        written.price = price
        written.claim.token.quote = SignedQuote(quote: quote, signature: signature.bytes)
        return written
    }
}
