import AuthEvents
import Challenges
import Clocks
import Composition
import Deliveries
import Keys
import Limits
import PhoneNumbers
import Spend
import Store

/// What the legs of one event are made of.
struct LegPlan {
    let event: AuthEvent
    let tenant: Tenant
    let now: Instant
    var phone: PhoneNumber?
    var previousPhone: PhoneNumber?
    private var deliveries: [DeliveryID]
    private var challenges: [ChallengeID]

    init(event: AuthEvent, tenant: Tenant, now: Instant, using generator: inout some RandomNumberGenerator) {
        (self.event, self.tenant, self.now) = (event, tenant, now)
        // A leg for each channel and each previous address; ids in order, also where an answer is read back by id.
        let hasFormer = event.previousEmail != nil || event.previousPhone != nil
        let most = event.channels.count + (hasFormer ? Channel.allCases.count : 0)
        deliveries = (0..<most).map { _ in DeliveryID(at: now, using: &generator) }.sorted().reversed()
        challenges = (0..<most).map { _ in ChallengeID(at: now, using: &generator) }.sorted().reversed()
    }

    // Beyond what the event names there are alternatives, which are told of and not kept.
    mutating func nextDelivery() -> DeliveryID { deliveries.popLast() ?? another() }
    mutating func nextChallenge() -> ChallengeID { challenges.popLast() ?? another() }

    private func another<Name>() -> Identifier<Name> {
        var generator = SystemRandomNumberGenerator()
        return Identifier(at: now, using: &generator)
    }
}

extension Intake {
    /// One leg for each channel, and one for each previous address; those whose number is not written to are refused.
    func legs(of plan: LegPlan) -> (legs: [Submission.Leg], refused: [LegRefusal]) {
        var plan = plan
        var legs: [Submission.Leg] = []
        var refused: [LegRefusal] = []
        func add(_ channel: Channel, isPrevious: Bool) {
            do throws(DestinationRefusal) {
                if let leg = try leg(on: channel, isPrevious: isPrevious, &plan) { legs.append(leg) }
            } catch {
                let number = isPrevious ? plan.previousPhone : plan.phone
                let figures = number.map {
                    destinations.figures(of: $0, home: plan.tenant.defaultCountry, at: plan.now)
                }
                refused.append(
                    LegRefusal(
                        channel: channel,
                        cause: .destination(error),
                        isPrevious: isPrevious,
                        judgement: figures.map(Judgement.destination)
                    )
                )
            }
        }
        for channel in plan.event.channels { add(channel, isPrevious: false) }
        let noticed = plan.event.noticeChannels(phone: plan.phone?.e164, previousPhone: plan.previousPhone?.e164)
        for channel in noticed { add(channel, isPrevious: true) }
        return (legs, refused)
    }

    /// Legs on the channels that the event has an address for and does not name, as far as they are written to.
    func alternatives(to plan: LegPlan) -> [Submission.Leg] {
        var plan = plan
        return Channel.allCases.filter { !plan.event.channels.contains($0) }.compactMap { channel in
            // Where it may not go it is no alternative.
            (try? leg(on: channel, isPrevious: false, &plan)).flatMap(\.self)
        }
    }

    private func leg(
        on channel: Channel,
        isPrevious: Bool,
        _ plan: inout LegPlan
    ) throws(DestinationRefusal) -> Submission.Leg? {
        let phone = isPrevious ? plan.previousPhone : plan.phone
        let email = isPrevious ? plan.event.previousEmail : plan.event.email
        guard let address = channel == .email ? email?.compared : phone?.e164 else { return nil }
        let terms = terms(of: isPrevious ? .notice : plan.event.purpose)
        let proof = proof(of: plan.event, terms, isPrevious: isPrevious, &plan)
        var leg = Submission.Leg(
            delivery: plan.nextDelivery(),
            channel: channel,
            person: keys.person(address, of: plan.tenant.name),
            anyone: keys.anyone(address),
            number: channel == .sms ? phone?.e164 : nil,
            proof: proof,
            // A second factor and a recovery without a session stand for themselves: two of them must not share a code.
            mayResend: plan.event.session != nil || ![.mfa, .recovery].contains(plan.event.purpose),
            minimumLife: minimumLife(of: proof, terms, plan.now),
            isPrevious: isPrevious
        )
        if channel == .sms, let phone {
            leg.costs = try costs(of: plan, to: phone, isPrevious: isPrevious)
        }
        if proof.challenge != nil { leg.resendWaits = terms.resendWaits }
        let facts = LimitFacts(
            tenant: plan.tenant.name,
            home: plan.tenant.defaultCountry,
            channel: channel,
            recipient: address,
            country: channel == .sms ? phone?.region : nil,
            network: plan.event.network,
            subject: plan.event.subject
        )
        leg.slots = keys.slots(of: limits.limits(of: plan.tenant.name, at: .accept), facts)
        return leg
    }

    private func proof(
        of event: AuthEvent,
        _ terms: PurposeTerms,
        isPrevious: Bool,
        _ plan: inout LegPlan
    ) -> Submission.Proof {
        guard event.opensChallenge, !isPrevious else {
            let foreign = isPrevious ? nil : event.foreignCode
            return .none(until: foreign?.expiresAt ?? plan.now + terms.timeToLive)
        }
        let name = [UInt8](plan.tenant.name.description.utf8)
        return .challenge(
            Submission.NewChallenge(
                id: plan.nextChallenge(),
                digits: terms.digits,
                tries: terms.tries,
                life: event.timeToLive ?? terms.timeToLive,
                session: event.session.map { keys.digest("session", name, [UInt8]($0.utf8)) },
                codeKey: keys.codeKeyInUse
            )
        )
    }

    /// A notice is of use until its end, a code only as long as somebody can still type it.
    private func minimumLife(of proof: Submission.Proof, _ terms: PurposeTerms, _ now: Instant) -> Duration {
        switch proof {
        case .challenge(let new): min(terms.minimumLife, new.life)
        case .none(let until): min(terms.minimumLife, max(until - now, .zero))
        }
    }

    /// What the text would cost; with any code of as many digits it has as many segments.
    private func costs(
        of plan: LegPlan,
        to phone: PhoneNumber,
        isPrevious: Bool
    ) throws(DestinationRefusal) -> Submission.Costs {
        let event = plan.event
        let terms = terms(of: event.purpose)
        let own = isPrevious ? nil : event.foreignCode?.text
        let text = composer.smsText(
            purpose: isPrevious ? .notice : event.purpose,
            brand: plan.tenant.brand,
            code: Code(digits: own ?? String(repeating: "0", count: terms.digits)),
            life: event.timeToLive ?? terms.timeToLive,
            name: event.name,
            link: isPrevious ? nil : event.link,
            notice: isPrevious ? .attributeChange : event.notice,
            data: event.templateData,
            wording: Wording(tenant: plan.tenant.name, locale: event.locale)
        )
        let home = plan.tenant.defaultCountry
        let quotes = try destinations.quotes(to: phone, SegmentCount(text), home: home, at: plan.now)
        return Submission.Costs(
            country: phone.region ?? "",
            quotes: quotes,
            tooDear: destinations.tooDear(for: phone, at: plan.now),
            numberType: phone.kind.rawValue
        )
    }
}
