import AuthEvents
import Clocks
import Intake
import Limits
import Store

/// Goes on with the replays that are running, each at its own rate, also after a restart.
struct ReplayRunner: Sendable {
    /// How often it looks; a replay that has just been begun waits no longer.
    private static let pause: Duration = .milliseconds(200)

    let store: any ReplayStore
    let replaying: Replaying
    let time: any TimeSource

    func run() async {
        var buckets: [ReplayID: TokenBucket] = [:]
        while !Task.isCancelled {
            // A store that cannot be reached is told about elsewhere; it is asked again.
            let running = (try? await store.runningReplays()) ?? []
            buckets = buckets.filter { known in running.contains { $0.id == known.key } }
            for replay in running { await advance(replay, &buckets[replay.id, default: TokenBucket()]) }
            // Cancelled means that the server ends, which the loop sees.
            _ = try? await Task.sleep(for: ReplayRunner.pause)
        }
    }

    private func advance(_ replay: Replay, _ bucket: inout TokenBucket) async {
        var replay = replay
        let burst = max(1, replay.rate.count * 1000 / max(replay.rate.period.milliseconds, 1000))
        while replay.state == .running, !Task.isCancelled {
            let now = time.boot().milliseconds * 1_000_000
            let room = bucket.left(at: now, rate: replay.rate, burst: burst)
            guard room > 0, let next = try? await replaying.advance(replay, atMost: Int(room)) else { return }
            for _ in 0..<(next.made - replay.made) { _ = bucket.take(at: now, rate: replay.rate, burst: burst) }
            replay = next
        }
    }
}
