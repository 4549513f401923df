import JSON
import Testing

@Suite("When the gateway for text messages", .timeLimit(.minutes(12)))
struct SMSBadDayTests {
    /// What a gateway does to the messages of one number, and what must become of them.
    struct Day: Sendable {
        var name: String
        /// To the n-th request.
        var react: @Sendable (Int) -> SMSGatewayPeer.Reaction
        /// The delivery's end: its state and reason.
        var end: (state: String, reason: String?)
        var attempts: [(result: String, code: String?)]
        var story: [String]
        /// How many it took.
        var taken: Int
        /// Of the second request after the first.
        var pause: Duration = .zero

        init(
            _ name: String,
            _ end: (state: String, reason: String?),
            _ attempts: [(result: String, code: String?)],
            _ story: [String],
            taken: Int,
            pause: Duration = .zero,
            react: @escaping @Sendable (Int) -> SMSGatewayPeer.Reaction
        ) {
            (self.name, self.end, self.attempts, self.story, self.taken) = (name, end, attempts, story, taken)
            (self.pause, self.react) = (pause, react)
        }
    }

    /// Nobody knows, so it is not sent again and its money stays spent.
    private static let gone = (state: "dead", reason: "gave_up" as String?)
    private static let once = ["reserved", "committed 1"]
    private static let twice = ["reserved", "committed 1", "released 1", "committed 2"]

    static let days = [
        Day("takes it and closes without an answer", gone, [("unknown", "no_answer")], once, taken: 1) { _ in
            .takeAndClose
        },
        Day("takes it and says nothing", gone, [("unknown", "no_answer")], once, taken: 1) { _ in .takeAndSayNothing },
        Day("takes it and answers no JSON", gone, [("unknown", "unclear_answer")], once, taken: 1) { _ in
            .takeAndAnswer(201, "<html>Thank you")
        },
        Day("answers what nobody understands", gone, [("unknown", "unclear_answer")], once, taken: 1) { _ in
            .takeAndAnswer(302, "{}")
        },
        Day("closes without taking it", gone, [("unknown", "no_answer")], once, taken: 0) { _ in .close },
        Day("says 500 once", ("accepted", nil), [("retry", "500"), ("accepted", nil)], twice, taken: 1) {
            $0 == 1 ? .answer(500, "oops") : .take
        },
        Day(
            "asks to come again in two seconds",
            ("accepted", nil),
            [("throttled", "429"), ("accepted", nil)],
            twice,
            taken: 1,
            pause: .seconds(2)
        ) { $0 == 1 ? .answer(429, "{}", ["Retry-After: 2"]) : .take },
        Day(
            "refuses it",
            ("dead", "refused"),
            [("refused", "77")],
            ["reserved", "committed 1", "released 1", "released"],
            taken: 0
        ) { _ in .answer(400, #"{"code":77,"message":"no"}"#) },
        Day(
            "refuses it in words that command a terminal",
            ("dead", "refused"),
            [("refused", "77")],
            ["reserved", "committed 1", "released 1", "released"],
            taken: 0
        ) { _ in .answer(400, #"{"code":77,"message":"\u001b[31mno\t\u0000\u009b"}"#) },
    ]

    @Test("has a bad day, each message ends as it should, none is handed over twice unless it surely was not taken")
    func badDays() async throws {
        var settings = TextSettings()
        settings.connections = SMSBadDayTests.days.count
        settings.timeout = 5
        settings.budgets = [("month", "1.00")]
        let react: SMSGatewayPeer.Script = { request in
            let index = SMSBadDayTests.days.indices.first { phone($0) == request.to } ?? 0
            return SMSBadDayTests.days[index].react(request.numberOfRecipient)
        }
        try await Installation.texting(settings, react: react) { post, peer in
            _ = try await post.server()
            _ = try await post.textWorker()
            var all: [Accepted] = []
            for index in SMSBadDayTests.days.indices { all.append(try await post.text(to: phone(index))) }
            for (day, one) in zip(SMSBadDayTests.days, all) { try await post.reached(day.end.state, one) }
            let numbers = Dictionary(
                uniqueKeysWithValues: all.enumerated().map { (phone($0.offset), $0.element.delivery) }
            )
            let check = try await post.settledLedger(peer, deliveries: numbers)
            #expect(check.faults == [])
            for (index, day) in SMSBadDayTests.days.enumerated() {
                let delivery = try await post.delivery(all[index].delivery)
                let attempts = delivery["attempts"]?.array ?? []
                #expect(delivery["reason"]?.string == day.end.reason, "\(day.name)")
                #expect(attempts.map { $0["result"]?.string } == day.attempts.map(\.result), "\(day.name)")
                for (attempt, wanted) in zip(attempts, day.attempts) {
                    #expect(wanted.code == nil || attempt["code"]?.string == wanted.code, "\(day.name): \(attempt)")
                }
                #expect(check.stories[all[index].delivery] == day.story, "\(day.name)")
                #expect(peer.taken(phone(index)).count == day.taken, "\(day.name)")
                let requests = peer.requests.filter { $0.to == phone(index) }
                #expect(requests.count == day.attempts.count, "\(day.name)")
                if requests.count > 1 { #expect(requests[1].at - requests[0].at >= day.pause, "\(day.name)") }
            }
        }
    }

    @Test("cannot be reached, the next one of the route takes over at its own price")
    func failsOver() async throws {
        var settings = TextSettings()
        settings.prices = ["sms,US,,,,,0.0079,USD,0.003,,,", "gone,US,,,,,0.05,USD,,,,"]
        settings.tables = [
            """
            [[gateways]]
            name = "gone"
            channel = "sms"
            kind = "http"
            url = "http://127.0.0.1:9"
            \(TextSettings.description)
            """, "[[routes]]\nchannel = \"sms\"\ngateways = [\"gone\", \"sms\"]",
        ]
        settings.budgets = [("month", "1.00")]
        try await Installation.texting(settings) { post, peer in
            _ = try await post.server()
            _ = try await post.textWorker()
            var numbers: [String: String] = [:]
            for number in 1...10 {
                let answer = try await post.submit(Installation.text(to: phone(number)))
                #expect(answer.body["deliveries"]?.array?.first?["estimate"]?["amount"] == "0.05")
                numbers[phone(number)] = try Accepted(answer).delivery
            }
            try await eventually("all of them at the other gateway") { peer.taken.count == 10 }
            try await post.rest(of: "sms")
            let check = try await post.settledLedger(peer, deliveries: numbers)
            #expect(check.faults == [])
            #expect(check.committed == 109_000)
            for delivery in numbers.values {
                let story = check.stories[delivery] ?? []
                #expect(story.count { $0 == "adjusted" } == 1)
                #expect(story.last?.hasPrefix("committed") == true)
                #expect(check.held[delivery]?.count == 1)
            }
        }
    }

    @Test("took it and nobody knows, the code that arrived answers it, and its money stays spent")
    func answered() async throws {
        let react: SMSGatewayPeer.Script = { _ in .takeAndClose }
        try await Installation.texting(react: react) { post, peer in
            _ = try await post.server()
            _ = try await post.textWorker()
            let one = try await post.text(to: phone(1))
            try await post.reached("unknown", one)
            #expect(try await post.verify(one, peer.taken[0].code).status == 200)
            try await post.died(of: "answered", one)
            let check = try await post.settledLedger(peer, deliveries: [phone(1): one.delivery])
            #expect(check.faults == [])
            #expect(check.stories[one.delivery] == ["reserved", "committed 1"])
        }
    }

    @Test("closes connections before it reads from them, what may have been taken is not sent again and stays spent")
    func closesUnread() async throws {
        let closing: @Sendable (Int) -> Bool = { $0 == 1 }
        try await Installation.texting(closing: closing) { post, peer in
            _ = try await post.server()
            _ = try await post.textWorker()
            let one = try await post.text(to: phone(1))
            try await eventually("its end") { ["dead", "accepted"].contains(try await post.state(one)) }
            let other = try await post.text(to: phone(2))
            try await post.reached("accepted", other)
            let check = try await post.settledLedger(
                peer,
                deliveries: [phone(1): one.delivery, phone(2): other.delivery]
            )
            #expect(check.faults == [])
            let isUnknown = try await post.attempts(one).first?["result"] == "unknown"
            #expect(peer.taken(phone(1)).count == (isUnknown ? 0 : 1))
            #expect(check.held[one.delivery]?.count == 1)
        }
    }
}
