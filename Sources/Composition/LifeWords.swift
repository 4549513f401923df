import Clocks

/// How long a code lives, in the words of a language.
struct LifeWords {
    private typealias Unit = (one: String, many: String)

    private let hour: Unit
    private let minute: Unit
    private let second: Unit

    /// In figures with the symbols of units that any language has, where it has no words for the language.
    init(in language: LanguageTag) {
        (hour, minute, second) =
            switch language.language {
            case "en": (("hour", "hours"), ("minute", "minutes"), ("second", "seconds"))
            case "de": (("Stunde", "Stunden"), ("Minute", "Minuten"), ("Sekunde", "Sekunden"))
            case "es": (("hora", "horas"), ("minuto", "minutos"), ("segundo", "segundos"))
            case "fr": (("heure", "heures"), ("minute", "minutes"), ("seconde", "secondes"))
            case "pt": (("hora", "horas"), ("minuto", "minutos"), ("segundo", "segundos"))
            default: (("h", "h"), ("min", "min"), ("s", "s"))
            }
    }

    /// `24 hours`, `10 minutes`, `1 minute`, `45 seconds`: rounded down, but for what passed since the event was accepted.
    func text(_ life: Duration) -> String {
        let seconds = max(life.milliseconds / 1000, 0)
        let (count, words) =
            seconds >= 7140
            ? ((seconds + 60) / 3600, hour) : seconds >= 55 ? ((seconds + 5) / 60, minute) : (seconds, second)
        return "\(count) \(count == 1 ? words.one : words.many)"
    }

    /// The longest text of any life up to the given one.
    func longest(upTo life: Duration) -> String {
        // The largest count of each unit and of each number of digits.
        let others = [7139, 3594, 594, 54, 9].map { Duration.seconds($0) }.filter { $0 < life }
        return ([life] + others).map(text).max { $0.count < $1.count } ?? ""
    }
}
