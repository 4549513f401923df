import Clocks

/// How long a code lives, in the words of a language.
struct LifeWords {
    private let units: [Unit: (one: String, many: String)]

    private enum Unit {
        case hour
        case minute
        case second
    }

    /// In figures with the symbols of units that any language has, where it has no words for the language.
    init(in language: LanguageTag) {
        units =
            switch language.language {
            case "en": [.hour: ("hour", "hours"), .minute: ("minute", "minutes"), .second: ("second", "seconds")]
            case "de": [.hour: ("Stunde", "Stunden"), .minute: ("Minute", "Minuten"), .second: ("Sekunde", "Sekunden")]
            case "es": [.hour: ("hora", "horas"), .minute: ("minuto", "minutos"), .second: ("segundo", "segundos")]
            case "fr": [.hour: ("heure", "heures"), .minute: ("minute", "minutes"), .second: ("seconde", "secondes")]
            case "pt": [.hour: ("hora", "horas"), .minute: ("minuto", "minutos"), .second: ("segundo", "segundos")]
            default: [.hour: ("h", "h"), .minute: ("min", "min"), .second: ("s", "s")]
            }
    }

    /// `24 hours`, `10 minutes`, `1 minute`, `45 seconds`: rounded down, but for what passed since the event was accepted.
    func text(_ life: Duration) -> String {
        let seconds = max(life.milliseconds / 1000, 0)
        let (count, unit): (Int64, Unit) =
            seconds >= 7140
            ? ((seconds + 60) / 3600, .hour) : seconds >= 55 ? ((seconds + 5) / 60, .minute) : (seconds, .second)
        let words = units[unit] ?? ("", "")
        return "\(count) \(count == 1 ? words.one : words.many)"
    }

    /// The longest text of any life up to the given one.
    func longest(upTo life: Duration) -> String {
        // The largest count of each unit and of each number of digits.
        let others = [7139, 3594, 594, 54, 9].map { Duration.seconds($0) }.filter { $0 < life }
        return ([life] + others).map(text).max { $0.count < $1.count } ?? ""
    }
}
