package import Limits

/// What the reading code asks the settings for, in the order in which it asks.
///
/// The tables of keys in the documents are made of it and of ``SettingsTable``, so that what they tell of bounds and
/// defaults is what is read.
package final class SettingsQuestions {
    package private(set) var asked: [SettingsQuestion] = []

    package init() {}

    func note(_ path: String, _ pattern: String, _ fact: (inout SettingsQuestion) -> Void) {
        let index = asked.firstIndex { $0.path == path && $0.pattern == pattern } ?? asked.count
        if index == asked.count { asked.append(SettingsQuestion(path: path, pattern: pattern)) }
        fact(&asked[index])
    }
}

/// One key that was asked for, and what the reading code says of it.
package struct SettingsQuestion: Sendable {
    /// As errors name it: `gateways.mail-main.rate`.
    package var path: String
    /// As the documents name it: `gateways[].rate`.
    package var pattern: String
    package var bounds: SettingsBounds?
    /// What the key is where it is left out.
    package var standard: SettingsValue?
    package var isRequired = false
    /// Whether the value is a list, each of whose items keeps the bounds.
    package var isList = false
    /// Whether it is a table, whose keys are asked for in their turn.
    package var isTable = false

    init(path: String, pattern: String) {
        (self.path, self.pattern) = (path, pattern)
    }
}

package enum SettingsBounds: Sendable, Equatable {
    case integers(ClosedRange<Int64>)
    case durations(ClosedRange<Duration>)
    /// Those of every rate.
    case rates
}

package enum SettingsValue: Sendable, Equatable {
    case text(String)
    case texts([String])
    case boolean(Bool)
    case integer(Int64)
    case integers([Int])
    case duration(Duration)
    case durations([Duration])
    case rate(Rate)
}
