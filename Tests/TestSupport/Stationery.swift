package import AuthEvents
package import Clocks
private import Deliveries
private import Spend
package import Store
private import Synchronization

/// Makes submissions with ids of their own.
package final class Stationery: Sendable {
    private struct Contents {
        var generator: SeededGenerator
        var count = 0
    }

    private let contents: Mutex<Contents>

    package init(seed: UInt64 = 1) {
        contents = Mutex(Contents(generator: SeededGenerator(seed: seed)))
    }

    package func submission(_ letter: Letter, at now: Instant) -> Submission {
        contents.withLock { contents in
            contents.count += 1
            let name = letter.name ?? "event-\(contents.count)"
            let tenant = letter.tenant.description
            let legs = letter.legs.map { leg -> Submission.Leg in
                var made = Submission.Leg(
                    delivery: DeliveryID(at: now, using: &contents.generator),
                    channel: leg.channel,
                    person: Stationery.person(leg.person, of: letter.tenant),
                    anyone: Stationery.anyone(leg.person),
                    number: leg.number,
                    proof: letter.proves && !leg.isPrevious
                        ? .challenge(
                            Submission.NewChallenge(letter, id: ChallengeID(at: now, using: &contents.generator))
                        )
                        : .none(until: now + letter.life),
                    minimumLife: letter.minimumLife,
                    isPrevious: leg.isPrevious,
                    costs: leg.channel == .sms ? Submission.Costs(letter) : nil
                )
                (made.slots, made.resendWaits) = (leg.slots, letter.resendWaits)
                return made
            }
            return Submission(
                event: EventID(at: now, using: &contents.generator),
                tenant: letter.tenant,
                purpose: letter.purpose,
                name: name,
                source: "/tests",
                locale: "en",
                identity: Digest(of: "identity", tenant, name),
                content: Digest(of: "content", letter.content),
                subject: letter.subject.map { Digest(of: "subject", $0) },
                sealed: SealedBytes(key: "seal-1", bytes: Array("sealed \(name)\(Stationery.numbers(letter))".utf8)),
                brought: letter.brought.map { Array($0.utf8) },
                reopens: letter.reopens,
                legs: legs,
                isGroup: letter.isGroup,
                refused: letter.refused,
                problem: letter.problem,
                receivedAt: now
            )
        }
    }

    /// A number that it has not given out before.
    package func next() -> Int {
        contents.withLock { contents in
            contents.count += 1
            return contents.count
        }
    }

    /// The number that a submission of this stationery was sealed with, or its previous one.
    package static func number(in sealed: SealedBytes, isPrevious: Bool) -> String? {
        let mark = isPrevious ? "before " : "to "
        let parts = String(decoding: sealed.bytes, as: UTF8.self).split(separator: "|").dropFirst()
        return parts.first { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
    }

    private static func numbers(_ letter: Letter) -> String {
        letter.legs.map { leg in leg.number.map { "|\(leg.isPrevious ? "before" : "to") \($0)" } ?? "" }.joined()
    }

    /// What stands for a person, whatever the tenant.
    package static func anyone(_ name: String) -> Digest { Digest(of: "anyone", name) }

    /// What stands for a person of a tenant.
    package static func person(_ name: String, of tenant: TenantName = .default) -> Digest {
        Digest(of: "person", tenant.description, name)
    }
}

extension Submission.NewChallenge {
    fileprivate init(_ letter: Letter, id: ChallengeID) {
        self.init(
            id: id,
            digits: letter.digits,
            tries: letter.tries,
            life: letter.life,
            session: letter.session.map { Digest(of: "session", $0) },
            codeKey: "code-1"
        )
    }
}

extension AcceptedEvent.Delivery {
    package var challengeID: ChallengeID? { challenge?.id }
}

extension Submission.Costs {
    fileprivate init(_ letter: Letter) {
        // 153 characters fill a part of several, 160 one that stands alone (3GPP TS 23.040, section 9.2.3.24.1).
        let text = String(repeating: "x", count: letter.segments == 1 ? 160 : 153 * letter.segments)
        let quotes = letter.prices.map { price in
            GatewayQuote(gateway: price.gateway, price: UnitPrice(price.amount), segments: SegmentCount(text))
        }
        self.init(country: letter.country, quotes: quotes)
    }
}

extension UnitPrice {
    fileprivate init(_ amount: Money) {
        guard let price = UnitPrice(unit: amount.micros, fee: 0, currency: amount.currency, version: "prices-1") else {
            preconditionFailure("\(amount) is no price")
        }
        self = price
    }
}

extension Digest {
    /// The same for the same words; a test needs no key (64-bit FNV-1a, twice).
    package init(of words: String...) {
        let halves = ["low", "high"].map { half in
            ([half] + words).joined(separator: "\u{0}").utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { hash, byte in
                (hash ^ UInt64(byte)) &* 0x100_0000_01b3
            }
        }
        self.init(bytes: halves.flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (8 * $0)) } })
    }
}
