import Configuration
import JSON

extension Walk {
    /// Second factors by SMS: through two kinds of gateways and the sandbox, in a group with a mail, and refused.
    func text() async throws {
        try await secondFactor()
        try await anyOf()
        try await sandbox()
        try await hitLimit()
        try await stop()
        try await refuseDestinations()
        try await replay()
    }

    private func secondFactor() async throws {
        say("\nauth.mfa by SMS; the number is written as people write it, the message leaves through HTTP:")
        let accepted = try await emit("auth.mfa", id: "demo-sms-1", ["phone": "(201) 555-0123"])
        let delivery = accepted.body["deliveries"]?.array?.first
        try expect(
            accepted.status == 202 && delivery?["country"] == "US" && delivery?["segments"] == 1,
            "accepted: one segment to the United States"
        )
        try expect(
            delivery?["estimate"] == ["amount": "0.0109", "currency": "USD"],
            "for unit price and fee of the table: 0.0109 USD"
        )
        let message = try await sms(1)
        try expect(message.to == "+12015550123" && message.kind == "http", "the gateway gets the number in E.164")
        try expect((1...300).contains(message.validity), "and the life that the code has left: \(message.validity) s")
        let code = try code(in: message)
        let last = message.text.split(whereSeparator: \.isNewline).last
        try expect(last == "@cruddur.example #\(code)", "the last line binds the code to the site: \(last ?? "")")
        let verified = try await verify(accepted.body.challenges["sms"] ?? "", code)
        try expect(verified.status == 200 && verified.body["channel"] == "sms", "the code is verified")
        say("\nNumbers in Great Britain have a route of their own, to a gateway of kind twilio:")
        let british = try await emit("auth.mfa", id: "demo-sms-2", ["phone": "+447400123456"])
        let other = try await sms(2)
        try expect(other.kind == "twilio" && other.to == "+447400123456", "the message leaves as Twilio wants it")
        let answer = try await verify(british.body.challenges["sms"] ?? "", try self.code(in: other))
        try expect(answer.status == 200, "the code is verified")
    }

    private func anyOf() async throws {
        say("\nauth.mfa by SMS and mail at once, where either will do:")
        let accepted = try await emit(
            "auth.mfa",
            id: "demo-group",
            ["phone": "+12015550124", "email": "erin@example.com", "channels": ["sms", "email"]]
        )
        let challenges = accepted.body.challenges
        guard let byText = challenges["sms"], let byMail = challenges["email"] else {
            throw Disappointment("the event has no challenge for each channel")
        }
        let (message, mail) = (try await sms(3), try await mail(4))
        try expect(mail.recipients == ["erin@example.com"] && message.to == "+12015550124", "both messages come")
        let verified = try await verify(byMail, mail.code)
        try expect(verified.status == 200 && verified.body["channel"] == "email", "the mail's code is verified")
        let used = try await verify(byText, try code(in: message))
        try expect(used.status == 409 && used.body.problem == "code-used", "the SMS' code is used with it")
    }

    private func sandbox() async throws {
        say("\nThe route of the Bahamas leads to the sandbox, which sends nothing:")
        let accepted = try await emit("auth.mfa", id: "demo-sandbox", ["phone": "+12423591234"])
        let deadline = ContinuousClock.now + Walk.patience
        var code: String?
        while code == nil, ContinuousClock.now < deadline {
            code = try await get("/v1/sandbox?channel=sms").body["items"]?.array?.first?["code"]?.string
            if code == nil { try await Task.sleep(for: .milliseconds(50)) }
        }
        let verified = try await verify(accepted.body.challenges["sms"] ?? "", code ?? "")
        try expect(verified.status == 200, "its code is verified")
    }

    private func refuseDestinations() async throws {
        say("\nWhere no SMS may go, or nobody knows for how much:")
        let refusals = [
            ("+19005550123", "number_type", "a premium number"),
            ("+4915123456789", "country", "a country that is not allowed"),
            ("+14165550123", "no_price", "a country without a price"),
        ]
        for (index, (number, reason, what)) in refusals.enumerated() {
            let refused = try await emit("auth.mfa", id: "demo-refused-\(index)", ["phone": .string(number)])
            let says = refused.body["detail"]?.string ?? ""
            try expect(
                refused.status == 422 && refused.body.problem == "destination-refused"
                    && refused.body["reason"] == .string(reason),
                "\(what) is destination-refused (\(reason)): \(says)"
            )
        }
    }

    /// The newest message of as many in all.
    func sms(_ count: Int) async throws -> SMSSink.Message {
        guard let message = try await texts.messages(count: count, within: Walk.patience).last else {
            throw Disappointment("no SMS came")
        }
        return message
    }

    /// The digits that a message begins with.
    func code(in message: SMSSink.Message) throws -> String {
        let code = message.text.prefix { $0.isASCII && $0.isNumber }
        guard code.count == 6 else { throw Disappointment("the SMS does not begin with a code") }
        return String(code)
    }
}
