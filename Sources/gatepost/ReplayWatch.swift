import Configuration
import JSON
import Link

/// Follows a replay to its end, over restarts of the server, which goes on with it by itself.
struct ReplayWatch {
    private static let pause: Duration = .milliseconds(200)

    var perseverance = Perseverance()
    var ask: (_ method: String, _ path: String) async throws(LinkFailure) -> LinkAnswer

    /// The replay when it is over.
    ///
    /// - Throws: ``CommandFailure`` where the server stays away, with what to do about the replay, which does not end by that.
    func end(of begun: JSONValue) async throws -> JSONValue {
        var replay = begun
        var progress = Progress("sent")
        defer { progress.end() }
        while replay["state"] == "running", let id = replay["replay"]?.string {
            progress.show(Int(replay["deliveries"]?.int ?? 0))
            try await Task.sleep(for: ReplayWatch.pause)
            let answer = try await perseverance.answer { () async throws(LinkFailure) in
                try await ask("GET", "/v1/replays/\(Client.escaped(id))")
            }
            guard let answer else {
                progress.end()
                throw CommandFailure(
                    69,
                    "the server has not answered for \(perseverance.limit.components.seconds) s. The replay \(id) was accepted "
                        + "and goes on by itself when the server does: `gatepost show \(id)` shows it, "
                        + "`gatepost replay --stop \(id)` ends it"
                )
            }
            guard answer.isSuccess else {
                progress.end()
                throw CommandFailure(1, "the replay \(id) cannot be followed: \(answer.complaint)")
            }
            replay = answer.body
        }
        return replay
    }
}
