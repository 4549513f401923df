import PhoneNumbers

/// What the data of 2022 in Debian 12 makes of a number of the vectors whose rules have changed since.
struct OlderReading: Sendable, CustomStringConvertible {
    let input: String
    let defaultRegion: String?
    /// The number, its region, its kind and whether it is valid; or that it is refused.
    let outcome: String

    var description: String { input }

    init(_ input: String, _ outcome: String, defaultRegion: String? = nil) {
        (self.input, self.outcome, self.defaultRegion) = (input, outcome, defaultRegion)
    }

    static let all = [
        OlderReading("01 95 12 34 56", "refused", defaultRegion: "BJ"),
        OlderReading("+4534412345", "+4534412345 DK fixed_or_mobile true"),
        OlderReading("+2302190123", "+2302190123 MU unknown false"),
        OlderReading("+2342033123456", "+2342033123456 NG unknown false"),
        OlderReading("+596810123456", "+596810123456 MQ unknown false"),
        OlderReading("+5979012345", "+5979012345 SR unknown false"),
        OlderReading("+681921234", "+681921234 WF unknown false"),
        OlderReading("+262639123456", "+262639123456 YT unknown false"),
        OlderReading("044 222 123 4567", "+522221234567 MX fixed_or_mobile true", defaultRegion: "MX"),
    ]

    /// What reading it comes to now, in the form of `outcome`.
    func reading() -> String {
        guard let number = try? PhoneNumber(input, defaultRegion: defaultRegion) else { return "refused" }
        return "\(number.e164) \(number.region ?? "-") \(number.kind.rawValue) \(number.isValid)"
    }
}
