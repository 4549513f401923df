package import AuthEvents

/// A rate limit of the settings: so many messages, or tries at codes, of what it counts.
package struct Limit: Sendable, Equatable {
    /// What is counted.
    package enum Scope: String, Sendable, CaseIterable {
        /// An address.
        case recipient
        /// An IPv4 address, or an IPv6 network of 64 bits, of which a single subscriber commands all.
        case ip
        /// The account that an event names.
        case subject
        case tenant
        /// Of a number.
        case country
        /// The first digits of a number.
        case prefix
        case all
    }

    /// When it is judged.
    package enum Moment: String, Sendable, CaseIterable {
        case accept, verify
    }

    /// Numbers that are sold together mostly share as many digits, the country's calling code among them.
    package static let standardPrefixDigits = 7

    /// What a refusal names.
    package var name: String
    package var scope: Scope
    package var rate: Rate
    /// How many pass at once.
    package var burst: Int64
    package var moment: Moment
    /// Counts this channel only.
    package var channel: Channel?
    /// Counts SMS to other countries than the tenant's own only.
    package var isForeign: Bool
    /// Whether all tenants are counted together.
    package var isShared: Bool
    package var prefixDigits: Int

    package init(
        name: String,
        scope: Scope,
        rate: Rate,
        burst: Int64? = nil,
        moment: Moment = .accept,
        channel: Channel? = nil,
        isForeign: Bool = false,
        isShared: Bool = false,
        prefixDigits: Int = Limit.standardPrefixDigits
    ) {
        (self.name, self.scope, self.rate, self.moment) = (name, scope, rate, moment)
        self.burst = burst ?? rate.count
        (self.channel, self.isForeign, self.isShared) = (channel, isForeign, isShared)
        self.prefixDigits = prefixDigits
    }

    /// The limits of settings that name none.
    package static let standard = [
        Limit(name: "recipient-10m", scope: .recipient, rate: Rate(count: 5, period: .seconds(600))),
        Limit(name: "recipient-day", scope: .recipient, rate: Rate(count: 10, period: .seconds(86_400))),
        Limit(name: "ip-hour", scope: .ip, rate: Rate(count: 100, period: .seconds(3600))),
        Limit(
            name: "foreign-sms-day",
            scope: .tenant,
            rate: Rate(count: 100, period: .seconds(86_400)),
            channel: .sms,
            isForeign: true
        ),
    ]
}

/// What one message, or one try at a code, is counted by.
package struct LimitFacts: Sendable, Equatable {
    package var tenant: TenantName
    /// The tenant's own country (ISO 3166-1).
    package var home: String
    /// Of the message, or of the address that a code is tried for; `nil` where nobody knows.
    package var channel: Channel?
    /// The compared form of the address; a number in E.164.
    package var recipient: String?
    /// Of the number; `nil` for a number of no country.
    package var country: String?
    /// As ``internetNetwork(of:)`` gives it.
    package var network: String?
    package var subject: String?

    package init(
        tenant: TenantName,
        home: String,
        channel: Channel? = nil,
        recipient: String? = nil,
        country: String? = nil,
        network: String? = nil,
        subject: String? = nil
    ) {
        (self.tenant, self.home, self.channel, self.recipient) = (tenant, home, channel, recipient)
        (self.country, self.network, self.subject) = (country, network, subject)
    }
}

extension Limit {
    /// What names the place that is counted: the tenant, unless all are counted together, the scope, and its value.
    ///
    /// `nil` where the limit does not count these facts.
    package func place(of facts: LimitFacts) -> [String]? {
        if let channel, channel != facts.channel { return nil }
        if isForeign, facts.channel != .sms || facts.country == facts.home { return nil }
        let value: String?
        switch scope {
        case .recipient: value = facts.recipient
        case .ip: value = facts.network
        case .subject: value = facts.subject
        case .country: value = facts.channel == .sms ? facts.country ?? "" : nil
        case .prefix:
            value = facts.channel == .sms ? facts.recipient.map { String($0.dropFirst().prefix(prefixDigits)) } : nil
        case .tenant, .all: value = ""
        }
        let counted = isShared || scope == .all ? "" : facts.tenant.description
        return value.map { [counted, scope.rawValue, $0] }
    }
}
