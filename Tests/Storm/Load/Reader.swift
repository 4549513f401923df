import Clocks
import JSON

/// The people: of what reaches them some type in the code, twice at the same moment, as two parties would who share it; and now
/// and then somebody guesses first until no try is left.
struct Reader: Sendable {
    let post: Post
    let journal: Journal
    let watch: Watch
    let token: String
    let takes: AsyncStream<GatewayRecord.Take>

    /// One in so many reads what comes.
    private static let share = 4
    /// Of one in so many of those the code is guessed first.
    private static let guessed = 16

    func run() async {
        var number = 0
        await withDiscardingTaskGroup { group in
            for await take in takes {
                number += 1
                guard number % Reader.share == 0, !take.code.isEmpty else { continue }
                let own = number
                group.addTask {
                    if own / Reader.share % Reader.guessed == 1 { return await self.guess(take) }
                    await self.read(take, own)
                }
            }
        }
    }

    private func read(_ take: GatewayRecord.Take, _ number: Int) async {
        guard let challenge = journal.challenge(of: take.to) else { return }
        journal.types(challenge)
        async let one = verify(challenge, take.code, key: nil)
        async let other = verify(challenge, take.code, key: "k\(number)")
        let answers = await [one, other]
        // Who has several challenges types the code of one for another, and may lock it.
        if !answers.contains(where: { $0.status == 200 }) { journal.mistypes(challenge) }
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

    /// Whoever has used up all tries gets nowhere with the right code either.
    private func guess(_ take: GatewayRecord.Take) async {
        guard let challenge = journal.challenge(of: take.to) else { return }
        let restores = watch.restores
        var told = 0
        for wrong in 1...StormSettings.tries * 2 where told < StormSettings.tries {
            let digits = String(String(1_000_000 + (Int(take.code) ?? 0) + wrong).suffix(take.code.count))
            journal.guesses(challenge)
            let answer = await verify(challenge, digits, key: nil)
            if answer.status == 200 { journal.fault("A wrong code of \(challenge) was good.") }
            if ["code-mismatch", "too-many-tries"].contains(answer.problem) { told += 1 }
        }
        guard told == StormSettings.tries else { return }
        let answer = await verify(challenge, take.code, key: nil)
        guard answer.status == 200, watch.restores == restores else { return }
        journal.fault("The code of \(challenge) was good behind \(told) that were wrong.")
    }

    func verify(_ challenge: String, _ code: String, key: String?) async -> Post.Answer {
        await post.call("POST", "/v1/challenges/\(challenge)/verify", token: token, ["code": .string(code)], key: key)
    }
}
