import Limits

/// Keys with one default: what is told here of it stands in the documents.
extension SettingsSection {
    func string(_ key: String, default standard: String) throws(SettingsError) -> String {
        tell(key) { $0.standard = .text(standard) }
        return try string(key) ?? standard
    }

    func strings(_ key: String, default standard: [String]) throws(SettingsError) -> [String] {
        tell(key) { $0.standard = .texts(standard) }
        return try strings(key) ?? standard
    }

    func boolean(_ key: String, default standard: Bool) throws(SettingsError) -> Bool {
        tell(key) { $0.standard = .boolean(standard) }
        return try boolean(key) ?? standard
    }

    func integer<Number: FixedWidthInteger>(
        _ key: String,
        default standard: Number,
        in bounds: ClosedRange<Number>
    ) throws(SettingsError) -> Number {
        tell(key) { $0.standard = .integer(Int64(standard)) }
        return try integer(key, in: Int64(bounds.lowerBound)...Int64(bounds.upperBound)).map { Number($0) } ?? standard
    }

    func integers(
        _ key: String,
        default standard: [Int],
        in bounds: ClosedRange<Int64>
    ) throws(SettingsError) -> [Int] {
        tell(key) { $0.standard = .integers(standard) }
        return try integers(key, in: bounds) ?? standard
    }

    func duration(
        _ key: String,
        default standard: Duration,
        in bounds: ClosedRange<Duration>
    ) throws(SettingsError) -> Duration {
        tell(key) { $0.standard = .duration(standard) }
        return try duration(key, in: bounds) ?? standard
    }

    func durations(
        _ key: String,
        default standard: [Duration],
        in bounds: ClosedRange<Duration>
    ) throws(SettingsError) -> [Duration] {
        tell(key) { $0.standard = .durations(standard) }
        return try durations(key, in: bounds) ?? standard
    }

    func rate(_ key: String, default standard: Rate) throws(SettingsError) -> Rate {
        tell(key) { $0.standard = .rate(standard) }
        return try rate(key) ?? standard
    }
}
