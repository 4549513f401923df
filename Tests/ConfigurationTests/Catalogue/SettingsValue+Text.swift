import Clocks
import Configuration
import Limits

extension SettingsValue {
    /// As it stands in the file.
    var literal: String {
        switch self {
        case .text(let text): quoted(text)
        case .texts(let texts): list(texts.map(quoted))
        case .boolean(let flag): String(flag)
        case .integer(let number): String(number)
        case .integers(let numbers): list(numbers.map(String.init))
        case .duration(let duration): quoted(documented(duration))
        case .durations(let durations): list(durations.map { quoted(documented($0)) })
        case .rate(let rate): quoted(rate.text)
        }
    }

    /// As it stands in the documents.
    var shown: String {
        switch self {
        case .text(let text): "`\(text)`"
        case .rate(let rate): "`\(rate.text)`"
        case .duration(let duration): documented(duration)
        case .integer(let number): documented(number)
        case .boolean, .texts, .integers, .durations: "`\(literal)`"
        }
    }

    /// What a single value in the documents is in the file; `nil` for words.
    static func literal(ofShown text: String) -> String? {
        if Duration(text: text) != nil { return quoted(text) }
        if Int64(text) != nil { return text }
        guard text.count > 2, text.hasPrefix("`"), text.hasSuffix("`") else { return nil }
        let value = String(text.dropFirst().dropLast())
        guard !value.contains("`") else { return nil }
        return ["true", "false"].contains(value) || value.hasPrefix("[") ? value : quoted(value)
    }
}

extension SettingsBounds {
    var shown: String {
        switch self {
        case .integers(let bounds): "\(bounds.lowerBound) to \(bounds.upperBound)"
        case .durations(let bounds): "\(bounds.lowerBound.inDays) to \(bounds.upperBound.inDays)"
        case .rates: "a rate"
        }
    }

    /// What the refusal of what is outside says of it.
    var refusal: String {
        switch self {
        case .integers(let bounds): "from \(bounds.lowerBound) to \(bounds.upperBound)"
        case .durations(let bounds): "from \(bounds.lowerBound.text) to \(bounds.upperBound.text)"
        case .rates: "from 1/24h to 1000000/1s"
        }
    }

    /// The least and the most, as they stand in the file.
    var ends: [String] {
        switch self {
        case .integers(let bounds): [String(bounds.lowerBound), String(bounds.upperBound)]
        case .durations(let bounds): [bounds.lowerBound, bounds.upperBound].map { quoted("\($0.milliseconds)ms") }
        case .rates: [quoted("1/24h"), quoted("1000000/1s")]
        }
    }

    /// The values next to them that are refused.
    var beyond: [String] {
        switch self {
        case .integers(let bounds): [String(bounds.lowerBound - 1), String(bounds.upperBound + 1)]
        case .durations(let bounds):
            [bounds.lowerBound.milliseconds - 1, bounds.upperBound.milliseconds + 1].map { quoted("\($0)ms") }
        case .rates: [quoted("1/86401s"), quoted("0/1s"), quoted("1000001/1s")]
        }
    }
}

/// Short ones in seconds, so that they compare well.
private func documented(_ duration: Duration) -> String {
    let seconds = duration.milliseconds / 1000
    if duration == .seconds(seconds), (1..<300).contains(seconds) { return "\(seconds)s" }
    return duration.inDays
}

extension Duration {
    /// In the largest unit that divides it; days from a week on.
    fileprivate var inDays: String {
        let seconds = milliseconds / 1000
        return seconds >= 7 * 86_400 && self == .seconds(seconds / 86_400 * 86_400) ? "\(seconds / 86_400)d" : text
    }
}

/// Sizes also in KiB, MiB or GiB.
private func documented(_ number: Int64) -> String {
    for (unit, size) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] as [(String, Int64)]
    where number >= size && number % size == 0 {
        return "\(number) (\(number / size) \(unit))"
    }
    return String(number)
}

private func quoted(_ text: String) -> String { "\"\(text)\"" }

private func list(_ items: [String]) -> String { "[" + items.joined(separator: ", ") + "]" }
