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
    package var channels: [Channel]
    package var locale: String?
    package var name: String?
    package var session: String?
    package var link: String?
    package var timeToLive: Duration?
    package var templateData: [String: String]
    /// `data` as it came, for the seal and for the comparison of duplicates.
    package var data: JSONObject

    /// The addresses in the event by channel, in the order in which they are written to.
    package func address(on channel: Channel) -> MailAddress? {
        channel == .email ? email : nil
    }
}
