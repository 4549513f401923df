import JSON
import Link

/// Asks again and again while the server cannot be reached or takes nothing, as it is during its restart.
struct Perseverance {
    /// How long a server may be away before nobody waits for it any more; one that starts again needs seconds.
    static let standard: Duration = .seconds(60)

    var limit = Perseverance.standard
    var pause: Duration = .milliseconds(200)

    /// The first answer of a server that is there, `nil` where there was none within the limit.
    ///
    /// `ask`: What may be asked any number of times.
    func answer(_ ask: () async throws(LinkFailure) -> LinkAnswer) async throws -> LinkAnswer? {
        let end = ContinuousClock.now + limit
        while true {
            do {
                let answer = try await ask()
                guard answer.status == 503 else { return answer }
            } catch {}
            guard ContinuousClock.now < end else { return nil }
            try await Task.sleep(for: pause)
        }
    }
}
