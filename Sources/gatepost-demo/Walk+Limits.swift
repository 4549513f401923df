import Configuration
import JSON

extension Walk {
    /// One number, asked for a code again and again.
    func hitLimit() async throws {
        say("\nOne number again and again, until its limit is reached:")
        let before = texts.messages.count
        for number in 1...DemoSettings.perNumber {
            let answer = try await emit("auth.mfa", id: "demo-limit-\(number)", ["phone": "+12015550125"])
            guard answer.status == 202 else { throw Disappointment("message \(number) was answered \(answer.status)") }
        }
        let refused = try await emit("auth.mfa", id: "demo-limit", ["phone": "+12015550125"])
        try expectLimit(DemoSettings.limit, refused)
        let other = try await emit("auth.mfa", id: "demo-limit-other", ["phone": "+12015550126"])
        try expect(other.status == 202, "another number is written to")
        _ = try await sms(before + DemoSettings.perNumber + 1)
        try expect(
            texts.messages.filter { $0.to == "+12015550125" }.count == DemoSettings.perNumber,
            "the first got \(DemoSettings.perNumber) messages and no more"
        )
    }

    /// What an operator does against an attack, and for somebody who wants no messages.
    func stop() async throws {
        let number: JSONObject = ["phone": "+12423591235"]
        try await stopped("held", number, by: ["hold", "add", "prefix", "+1242", "--reason", "pumping", "--for", "2h"])
        try await stopped("suppressed", number, by: ["suppress", "add", "--phone", "+12423591235"])
    }

    private func stopped(_ problem: String, _ data: JSONObject, by words: [String]) async throws {
        say("\ngatepost \(words.joined(separator: " "))")
        let added = try await installation.gatepost(words)
        say("  " + added.text)
        let refused = try await emit("auth.mfa", id: "demo-\(problem)", data)
        try expect(
            refused.status == 422 && refused.body.problem == problem,
            "a number that it covers is \(problem): \(refused.body["detail"]?.string ?? "")"
        )
        let id = added.text.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        let removed = try await installation.gatepost([words[0], "remove", id])
        try expect(removed.code == 0, "until it is removed")
    }

    /// An answer that says which limit was reached and when to come again.
    func expectLimit(_ limit: String, _ answer: Answer) throws {
        let wait = answer.body["retry_after"]?.int ?? 0
        try expect(
            answer.status == 429 && answer.body.problem == "rate-limited" && answer.body["limit"] == .string(limit)
                && wait > 0,
            "rate-limited: limit \(limit), retry_after \(wait)"
        )
    }
}
