import Clocks
import Glibc
import TestSupport

/// What a gateway does with a message.
enum Fate: Sendable {
    /// Takes it and says so with the next wave.
    case take
    /// Takes it and closes without a word.
    case takeAndReset
    /// Takes it and answers when nobody waits any more.
    case takeAndSleep
    /// Closes before it has taken it.
    case reset
    /// Will never take it.
    case refuse
    /// Not now.
    case retry

    /// Most are taken; one in seven is not, while the weather is bad.
    static func draw(_ mood: Weather.Mood, using generator: inout SeededGenerator) -> Fate {
        if mood.isDead { return .reset }
        guard mood.isMoody else { return .take }
        switch Int.random(in: 0..<200, using: &generator) {
        case 0..<3: return .takeAndReset
        case 3: return .takeAndSleep
        case 4..<6: return .reset
        case 6..<8: return .refuse
        case 8..<12: return .retry
        default: return .take
        }
    }
}

/// The rhythm of the gateways: they answer in waves, so that many attempts stand in the same phase at once.
///
/// Half of what they hold is answered with each wave, so that there is always something in flight.
enum Waves {
    static let period: Int64 = 800
    private static let least: Int64 = 150

    /// Sleeps until the next wave of this half.
    static func wait(half: Int) {
        let now = SystemTime.machine.boot().milliseconds
        let offset = Int64(half % 2) * period / 2
        var next = ((now - offset) / period + 1) * period + offset
        if next - now < least { next += period }
        usleep(useconds_t(next - now) * 1000)
    }

    /// The milliseconds from now to the next wave of either half.
    static func untilNext() -> Int64 {
        period / 2 - SystemTime.machine.boot().milliseconds % (period / 2)
    }
}

extension SystemTime {
    /// The clocks of this machine, which nobody moves.
    static let machine = SystemTime()
}
