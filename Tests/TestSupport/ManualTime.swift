package import Clocks
private import Synchronization

/// Two clocks that stand still until a test moves them.
package final class ManualTime: TimeSource {
    private struct Hands {
        var wall: Instant
        var boot: BootInstant
        var bootID: String
    }

    private let hands: Mutex<Hands>

    package init(
        wall: Instant = Instant(milliseconds: 1_763_719_200_000),
        boot: BootInstant = BootInstant(milliseconds: 3_600_000),
        bootID: String = "boot-1"
    ) {
        hands = Mutex(Hands(wall: wall, boot: boot, bootID: bootID))
    }

    package func now() -> Instant { hands.withLock { $0.wall } }
    package func boot() -> BootInstant { hands.withLock { $0.boot } }
    package var bootID: String { hands.withLock { $0.bootID } }

    /// Lets time pass, on both clocks.
    package func pass(_ duration: Duration) {
        hands.withLock { hands in
            hands.wall = hands.wall + duration
            hands.boot = hands.boot + duration
        }
    }

    /// Sets the wall clock forward, or back where the duration is negative; no time passes.
    package func setWall(by duration: Duration) {
        hands.withLock { $0.wall = $0.wall + duration }
    }

    /// Starts the machine anew: another boot id, and a boot clock that begins again.
    package func restartMachine(as bootID: String, boot: BootInstant = BootInstant(milliseconds: 5000)) {
        hands.withLock { hands in
            hands.bootID = bootID
            hands.boot = boot
        }
    }
}
