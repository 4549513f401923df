package import Clocks
package import JSON

/// One event as an application submits it (CloudEvents 1.0, in any mode), checked.
package struct AuthEvent: Sendable, Equatable {
    /// The CloudEvents `id`; unique with ``source`` within a tenant.
    package var id: String
    package var source: String
    package var type: EventType
    package var subject: String?
    package var time: Instant?
    /// `data.tenant` as given; the caller decides what stands in for a missing one.
    package var tenant: TenantName?
    package var email: MailAddress?
    /// `data.phone` as given, 1 to 32 bytes; how it is read depends on the tenant's country, which the caller knows.
    package var phone: String?
    /// Where the account was reached before the change, and is told of it.
    package var previousEmail: MailAddress?
    /// As given, like ``phone``.
    package var previousPhone: String?
    /// Where to write to, none twice, in the order of the event; the address of each is there.
    package var channels: [Channel]
    /// Whether the code of any of its channels will do: `data.any_of`, or what its purpose does without it.
    package var anyOf: Bool
    package var locale: String?
    package var name: String?
    package var session: String?
    /// What the person's address on the internet is counted by; see ``internetNetwork(of:)``.
    package var network: String?
    /// A link as ``MessageLink`` allows it; whether it is one of the tenant's, the caller asks there.
    package var link: String?
    package var timeToLive: Duration?
    /// The application's own code; whether it lives long enough, the caller asks it.
    package var foreignCode: ForeignCode?
    /// Which notice; there where the purpose is `notice`, and nowhere else.
    package var notice: NoticeName?
    package var templateData: [String: String]
    /// `data` as it came, for the seal and for the comparison of duplicates.
    package var data: JSONObject

    package var purpose: Purpose { type.purpose }

    package var carriesCode: Bool { purpose.carriesCode }

    /// Whether there is something to verify here: a code, and not the application's own.
    package var opensChallenge: Bool { carriesCode && foreignCode == nil }

    /// Whether it takes up the person's newest challenge even where that one has expired.
    package var reopens: Bool { type.reopens }

    /// Whether its challenges form one group: several channels of which any will do.
    package var isGroup: Bool { anyOf && channels.count > 1 }

    /// The mail address where the channel is email.
    package func address(on channel: Channel) -> MailAddress? {
        channel == .email ? email : nil
    }

    /// The channels on which a previous address is told of the change.
    ///
    /// A previous address that is the one the code goes to is told nothing more. `phone` and `previousPhone` are the
    /// event's numbers as they were read, in E.164.
    package func noticeChannels(phone: String?, previousPhone: String?) -> [Channel] {
        Channel.allCases.filter { channel in
            let previous = channel == .email ? previousEmail?.compared : previousPhone
            let current = channel == .email ? email?.compared : phone
            guard let previous else { return false }
            return !channels.contains(channel) || previous != current
        }
    }
}
