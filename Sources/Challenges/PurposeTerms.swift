package import AuthEvents

/// What holds for every challenge of a purpose.
package struct PurposeTerms: Sendable, Equatable {
    /// How long a code lives.
    package var timeToLive: Duration
    package var digits: Int
    package var tries: Int64
    /// The least life that a code must have left when its message is handed over.
    package var minimumLife: Duration
    /// How long a person must wait for a second message, a third and so on; the last holds for all further ones.
    package var resendWaits: [Duration]
    /// An event that names no channels takes the first of these whose address it has.
    package var channels: [Channel]

    package init(
        timeToLive: Duration,
        digits: Int = 6,
        tries: Int64 = 5,
        minimumLife: Duration = .seconds(60),
        resendWaits: [Duration] = PurposeTerms.standardResendWaits,
        channels: [Channel] = [.email, .sms]
    ) {
        (self.timeToLive, self.digits, self.tries, self.minimumLife) = (timeToLive, digits, tries, minimumLife)
        (self.resendWaits, self.channels) = (resendWaits, channels)
    }

    package static let standardResendWaits: [Duration] = [.seconds(30), .seconds(60), .seconds(120)]

    package static func standard(for purpose: Purpose) -> PurposeTerms {
        let channels = purpose.standardChannels
        return switch purpose {
        case .signUp, .attributeChange: PurposeTerms(timeToLive: .seconds(86_400), channels: channels)
        case .recovery: PurposeTerms(timeToLive: .seconds(3600), channels: channels)
        // Of a notice this is how old it may get: nobody types it in.
        case .notice: PurposeTerms(timeToLive: .seconds(3600), minimumLife: .zero, resendWaits: [], channels: channels)
        case .mfa: PurposeTerms(timeToLive: .seconds(300), minimumLife: .seconds(30), channels: channels)
        case .invitation: PurposeTerms(timeToLive: .seconds(72 * 3600), channels: channels)
        }
    }
}
