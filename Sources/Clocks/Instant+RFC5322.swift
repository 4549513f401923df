extension Instant {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// As mails write it (RFC 5322, section 3.3), in UTC: `Sat, 21 Nov 2026 10:00:00 +0000`.
    package var rfc5322: String {
        let (days, rest) = milliseconds.quotientAndRemainder(flooringBy: 86_400_000)
        let date = CivilDate(daysSince1970: days)
        // 1 January 1970 was a Thursday.
        let weekday = (days + 4).quotientAndRemainder(flooringBy: 7).remainder
        let seconds = rest / 1000
        var text = Array("\(Instant.weekdays[Int(weekday)]), ".utf8)
        text.append(date.day, digits: 2, before: " ")
        text.append(contentsOf: "\(Instant.months[Int(date.month - 1)]) ".utf8)
        text.append(date.year, digits: 4, before: " ")
        text.append(seconds / 3600, digits: 2, before: ":")
        text.append(seconds / 60 % 60, digits: 2, before: ":")
        text.append(seconds % 60, digits: 2, before: " ")
        text.append(contentsOf: "+0000".utf8)
        return String(decoding: text, as: UTF8.self)
    }
}
