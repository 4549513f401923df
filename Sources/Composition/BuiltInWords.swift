import AuthEvents

/// The words of one language for the messages that come with the product.
struct BuiltInWords: Sendable {
    /// One for each purpose that carries a code.
    struct ByPurpose: Sendable {
        let signUp: String
        let recovery: String
        let mfa: String
        let attributeChange: String
        let invitation: String

        subscript(purpose: Purpose) -> String {
            switch purpose {
            case .signUp: signUp
            case .recovery: recovery
            case .mfa: mfa
            case .attributeChange: attributeChange
            case .invitation: invitation
            case .notice: ""
            }
        }
    }

    /// One for each notice that has words of its own, and one for any other.
    struct ByNotice: Sendable {
        let general: String
        let passwordChanged: String
        let newSignIn: String
        let mfaChanged: String
        let accountLocked: String
        let contactChanged: String

        subscript(notice: NoticeName?) -> String {
            switch notice?.description {
            case "password_changed": passwordChanged
            case "new_sign_in": newSignIn
            case "mfa_changed": mfaChanged
            case "account_locked": accountLocked
            case NoticeName.attributeChange.description: contactChanged
            default: general
            }
        }
    }

    /// The sentences of a mail; none has a character that HTML must escape.
    struct Mail: Sendable {
        let greeting: String
        let subject: String
        /// The sentence that ends in the code.
        let request: ByPurpose
        let life: String
        /// The sentence that offers the link, without its end: what stands before the words that are clicked, and these.
        let link: (before: String, clicked: String)
        let caution: String
        let invitationCaution: String
        let noticeSubject: ByNotice
        let notice: ByNotice
        let details: (device: String, place: String, time: String)
        let noticeLink: (before: String, clicked: String)
        let noticeCaution: String
        /// With the space before it that the language wants.
        let colon: String
    }

    let language: LanguageTag
    /// Sentences that carry a code in an SMS.
    let code: ByPurpose
    /// Notices as SMS.
    let notice: ByNotice
    let mail: Mail

    static let all: [BuiltInWords] = [.english, .german, .spanish, .french, .portuguese]
}
