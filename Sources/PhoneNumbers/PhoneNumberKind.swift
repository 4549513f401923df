/// What a number is for, as the library tells from its range.
package enum PhoneNumberKind: String, Sendable, CaseIterable {
    case fixedLine = "fixed_line"
    case mobile
    /// Where ranges do not tell the two apart, as in the United States.
    case fixedOrMobile = "fixed_or_mobile"
    case tollFree = "toll_free"
    case premiumRate = "premium_rate"
    /// The caller pays a part.
    case sharedCost = "shared_cost"
    case voip
    /// Follows a person from line to line.
    case personalNumber = "personal_number"
    case pager
    /// A company's number in a whole country ("universal access number").
    case uan
    case voicemail
    /// Of no assigned range.
    case unknown
}
