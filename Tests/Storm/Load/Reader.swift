import Clocks
import JSON

/// The people: of what reaches them some type in the code, twice at the same moment, as two parties would who share it.
struct Reader: Sendable {
    let post: Post
    let journal: Journal
    let token: String
    let takes: AsyncStream<GatewayRecord.Take>

    /// One in so many reads what comes.
    private static let share = 4

    func run() async {
        var number = 0
        await withDiscardingTaskGroup { group in
            for await take in takes {
                number += 1
                guard number % Reader.share == 0, !take.code.isEmpty else { continue }
                let own = number
                group.addTask { await self.read(take, own) }
            }
        }
    }

    private func read(_ take: GatewayRecord.Take, _ number: Int) async {
        guard let challenge = journal.challenge(of: take.to) else { return }
        async let one = verify(challenge, take.code, key: nil)
        async let other = verify(challenge, take.code, key: "k\(number)")
        let answers = await [one, other]
        for answer in answers where answer.status == 200 && answer.body["repeated"] != true {
            journal.verified(
                Journal.Verification(
                    address: take.to,
                    challenge: challenge,
                    code: take.code,
                    at: SystemTime.machine.boot().milliseconds
                )
            )
        }
    }

    func verify(_ challenge: String, _ code: String, key: String?) async -> Post.Answer {
        await post.call("POST", "/v1/challenges/\(challenge)/verify", token: token, ["code": .string(code)], key: key)
    }
}
