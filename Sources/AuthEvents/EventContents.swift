package import Clocks
private import JSON

/// What of an event is readable under the seal only: who is written to, and in which words.
package struct EventContents: Sendable, Equatable {
    package var subject: String?
    package var email: MailAddress?
    /// In E.164: `+12423571234`.
    package var phone: String?
    /// Where the account was reached before the change; see ``toPreviousAddress``.
    package var previousEmail: MailAddress?
    package var previousPhone: String?
    package var name: String?
    package var link: String?
    package var notice: NoticeName?
    /// When the application's own code expires; there even after the code itself was erased.
    package var foreignCodeExpiresAt: Instant?
    /// The application's own code, as long as it was not erased.
    package var foreignCode: String?
    package var templateData: [String: String]

    /// Whether the message is to hold the application's own code, and no other ever in its place.
    package var hasForeignCode: Bool { foreignCodeExpiresAt != nil }

    /// The notice that the previous address gets of a change: with nothing in it that gives access to the new one.
    package var toPreviousAddress: EventContents {
        var contents = self
        (contents.email, contents.phone) = (previousEmail, previousPhone)
        (contents.previousEmail, contents.previousPhone) = (nil, nil)
        (contents.foreignCode, contents.foreignCodeExpiresAt, contents.link) = (nil, nil, nil)
        contents.notice = .attributeChange
        return contents
    }

    /// The address as a gateway takes it, `nil` where there is none.
    package func deliverableAddress(on channel: Channel) -> String? {
        switch channel {
        case .email: email?.deliverable
        case .sms: phone
        }
    }

    /// The compared form of the address on a channel: what codes are derived from.
    package func comparedAddress(on channel: Channel) -> String? {
        switch channel {
        case .email: email?.compared
        case .sms: phone
        }
    }

    /// The address as it may be shown: enough for its owner to recognise it.
    package func maskedAddress(on channel: Channel) -> String {
        let masked =
            switch channel {
            case .email: email?.masked
            case .sms: phone.flatMap(EventContents.masked)
            }
        return masked ?? "***"
    }

    /// A compared address as it may be shown.
    package static func masked(_ address: String, on channel: Channel) -> String {
        (channel == .sms ? masked(address) : (try? MailAddress(address))?.masked) ?? "***"
    }

    /// `+12***34`: of seven digits and more the first and the last two; of fewer too little would stay hidden.
    private static func masked(_ phone: String) -> String? {
        guard phone.hasPrefix("+"), phone.utf8.count > 7 else { return nil }
        return "\(phone.prefix(3))***\(phone.suffix(2))"
    }
}
