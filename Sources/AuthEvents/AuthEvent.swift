package import Clocks
package import JSON

/// One event as an application submits it (CloudEvents 1.0, structured mode), checked.
package struct AuthEvent: Sendable, Equatable {
    /// The CloudEvents `id`; unique with ``source`` within a tenant.
    package var id: String
    package var source: String
    /// The CloudEvents `type`, such as `auth.sign_up`.
    package var type: String
    package var purpose: Purpose
    package var subject: String?
    package var time: Instant?
    /// `data.tenant` as given; the caller decides what stands in for a missing one.
    package var tenant: TenantName?
    package var email: MailAddress?
    /// `data.phone` as given, 1 to 32 bytes; how it is read depends on the tenant's country, which the caller knows.
    package var phone: String?
    /// Where to write to, none twice, in the order of the event; the address of each is there.
    package var channels: [Channel]
    /// Whether the code of any of its channels will do: `data.any_of`, or what its purpose does without it.
    package var anyOf: Bool
    package var locale: String?
    package var name: String?
    package var session: String?
    package var link: String?
    package var timeToLive: Duration?
    package var templateData: [String: String]
    /// `data` as it came, for the seal and for the comparison of duplicates.
    package var data: JSONObject

    /// Whether its challenges form one group: several channels of which any will do.
    package var isGroup: Bool { anyOf && channels.count > 1 }

    /// The mail address where the channel is email.
    package func address(on channel: Channel) -> MailAddress? {
        channel == .email ? email : nil
    }
}
