import Configuration
import JSON

extension Walk {
    /// A gateway that refuses everything, why, and how the person is helped nevertheless.
    func replay() async throws {
        say("\nThe SMS gateway's key is changed, and it refuses what comes:")
        texts.refuses = true
        let accepted = try await emit("auth.mfa", id: "demo-replay", ["phone": "+12015550127"])
        let delivery = accepted.body["deliveries"]?.array?.first?["id"]?.string ?? ""
        let dead = try await ended(delivery)
        try expect(dead["state"] == "dead" && dead["reason"] == "refused", "the SMS is dead, refused")
        let story = try await installation.gatepost("explain", delivery)
        let cause = story.text.split(separator: "\n").first { $0.contains("refused attempt 1") } ?? ""
        try expect(cause.contains("401"), "gatepost explain: \(cause.split(separator: "  ", maxSplits: 1).last ?? "")")

        say("\nIt is repaired, and what failed is sent again:")
        texts.refuses = false
        let before = texts.messages.count
        let preview = try await installation.gatepost("replay", "--reason", "refused", "--dry-run", "--json")
        let plan = try JSONValue(parsing: [UInt8](preview.text.utf8))
        try expect(
            plan["deliveries"] == 1 && texts.messages.count == before,
            "a dry run says that one would go, and sends nothing"
        )
        let replay = try await installation.gatepost("replay", "--reason", "refused", "--yes")
        try expect(replay.code == 0, "gatepost replay sends it")
        let message = try await sms(before + 1)
        let verified = try await verify(accepted.body.challenges["sms"] ?? "", code(in: message))
        try expect(
            message.to == "+12015550127" && verified.status == 200,
            "its fresh code is verified under the challenge of before"
        )
        let again = try await installation.gatepost("replay", "--reason", "refused", "--yes")
        try expect(again.code == 0 && texts.messages.count == before + 1, "and the same command again sends nothing")
    }

    /// A delivery once it is dead.
    private func ended(_ delivery: String) async throws -> JSONValue {
        let deadline = ContinuousClock.now + Walk.patience
        while ContinuousClock.now < deadline {
            let answer = try await get("/v1/deliveries/\(delivery)").body
            if answer["state"] == "dead" { return answer }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Disappointment("\(delivery) did not end")
    }
}
