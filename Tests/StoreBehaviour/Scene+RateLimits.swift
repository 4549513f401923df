import AuthEvents
import Clocks
import Deliveries
import Limits
import Store
import TestSupport
import Testing

/// Limits at acceptance.
extension Scene {
    /// Somebody new, so that nothing but the slots is counted.
    func anybody(_ slots: Slot...) -> Letter {
        Letter(to: "anybody \(stationery.next())").with { $0.legs[0].slots = slots }
    }

    /// How many more pass now; they are taken.
    func room(of slot: Slot) async throws -> Int {
        for count in 0...100 {
            switch try await store.accept(stationery.submission(anybody(slot), at: time.now())) {
            case .accepted: continue
            case .refused(let refusal, _):
                guard case .limited(slot.limit, _) = refusal.cause else { throw Surprise("it was refused: \(refusal)") }
                return count
            case let answer: throw Surprise("it was answered \(answer)")
            }
        }
        throw Surprise("the limit has no end")
    }

    func passesBurstThenRate() async throws {
        let slot = Slot("limit", "10/1m")
        var accepted: [Int] = []
        for second in 0...60 {
            let answers = try await withThrowingTaskGroup { group in
                for _ in 1...16 {
                    let submission = stationery.submission(anybody(slot), at: time.now())
                    group.addTask { try await store.accept(submission) }
                }
                return try await group.reduce(into: [Acceptance]()) { $0.append($1) }
            }
            for answer in answers {
                switch answer {
                case .accepted: accepted.append(second)
                case .refused(let refusal, _):
                    let wait = Duration.seconds(6 - second % 6)
                    #expect(refusal.cause == .limited("limit", retryAfter: wait), "in second \(second)")
                default: throw Surprise("it was answered \(answer)")
                }
            }
            time.pass(.seconds(1))
        }
        #expect(accepted == Array(repeating: 0, count: 10) + (1...10).map { $0 * 6 })
        #expect(try await store.deliveries(DeliveryFilter(limit: 100)).items.count == 20)
    }

    func takesAllOrNothing() async throws {
        let (wide, narrow) = (Slot("wide", "5/10m"), Slot("narrow", "1/24h"))
        try await accept(anybody(wide, narrow))
        #expect(try await refusal(of: anybody(wide, narrow)).cause == .limited("narrow", retryAfter: .seconds(86_400)))
        // Over legs: the second has no room, so the first takes nothing.
        let both = Letter(to: "a", .attributeChange).with { letter in
            letter.legs.append(Letter.Leg(person: "b", channel: .sms))
            letter.legs[0].slots = [wide]
            letter.legs[1].slots = [narrow]
        }
        #expect(try await refusal(of: both).channel == .sms)
        #expect(try await room(of: wide) == 4)
        // Two legs that take of one bucket must both fit.
        let shared = Slot("shared", "3/10m")
        let pair = both.with { letter in
            for index in 0...1 { letter.legs[index].slots = [shared] }
        }
        try await accept(pair)
        #expect(
            try await refusal(of: pair.with { $0.session = "s" }).cause == .limited("shared", retryAfter: .seconds(200))
        )
        #expect(try await room(of: shared) == 1)
        // Also while one of them waits for something else: what is named is when both may go.
        let (pool, lone) = (Slot("pool", "2/2h"), Slot("lone", "1/1m"))
        try await accept(anybody(pool))
        try await accept(anybody(lone))
        let waiting = both.with { letter in
            letter.legs[0].slots = [pool, lone]
            letter.legs[1].slots = [pool]
        }
        #expect(try await refusal(of: waiting).cause == .limited("pool", retryAfter: .seconds(3600)))
        // Of several events each stands for itself.
        let few = Slot("few", "2/10m")
        let several = (1...3).map { _ in stationery.submission(anybody(few), at: time.now()) }
        let answers = try await store.accept(several)
        #expect(answers.map { if case .accepted = $0 { true } else { false } } == [true, true, false])
    }

    func namesTheLongestWait() async throws {
        let slots = [Slot("short", "1/1m"), Slot("long", "1/1h"), Slot("middle", "1/10m")]
        let letter = Letter(to: "bobby").with { letter in
            letter.legs[0].slots = slots
            letter.resendWaits = [.seconds(30)]
        }
        try await accept(letter)
        #expect(try await refusal(of: letter).cause == .limited("long", retryAfter: .seconds(3600)))
        time.pass(.seconds(3600) - .milliseconds(1))
        #expect(try await refusal(of: letter).cause == .limited("long", retryAfter: .milliseconds(1)))
        time.pass(.milliseconds(1))
        try await accept(letter)
        // The resend wait is one of them.
        let resend = Letter(to: "carol").with { $0.resendWaits = [.seconds(90)] }
            .limited(by: Slot("short", at: "carol", "1/1m"))
        try await accept(resend)
        #expect(try await refusal(of: resend).cause == .limited(LegRefusal.resend, retryAfter: .seconds(90)))
        // Of legs that must all go, the one that waits longest; what no waiting helps against comes before.
        let all = Letter(to: "dora", .attributeChange).with { letter in
            letter.legs = [
                Letter.Leg(person: "dora", channel: .email), Letter.Leg(person: "dora", channel: .sms),
            ]
            letter.legs[0].slots = [Slot("first", "1/1m")]
            letter.legs[1].slots = [Slot("second", "1/1h")]
        }
        try await accept(all)
        let refused = try await refusal(of: all.with { $0.session = "s" })
        #expect(refused == LegRefusal(channel: .sms, cause: .limited("second", retryAfter: .seconds(3600))))
        try await hold(.country, "US")
        guard case .held = try await refusal(of: all.with { $0.session = "s" }).cause else {
            throw Surprise("a wait was named where no waiting helps")
        }
    }

    /// A rate of 7 in 10 minutes gives one each 85.714… seconds: what is named is the first millisecond that passes.
    func namesTheFirstMillisecond() async throws {
        let slot = Slot("uneven", "7/10m")
        #expect(try await room(of: slot) == 7)
        for _ in 1...20 {
            guard case .limited(_, let wait) = try await refusal(of: anybody(slot)).cause else {
                throw Surprise("it was not limited")
            }
            time.pass(wait - .milliseconds(1))
            #expect(try await refusal(of: anybody(slot)).cause == .limited("uneven", retryAfter: .milliseconds(1)))
            time.pass(.milliseconds(1))
            try await accept(anybody(slot))
        }
    }

    func limitsALegOfAGroupAlone() async throws {
        let (phone, mail, ip) = (Slot("phone", "1/1h"), Slot("mail", "3/1h"), Slot("ip", "9/1h"))
        let letter = party("bobby").with { letter in
            letter.name = "one"
            letter.legs[0].slots = [phone, ip]
            letter.legs[1].slots = [mail, ip]
        }
        try await accept(anybody(phone))
        let event = try await acceptEvent(letter)
        let refused = LegRefusal(channel: .sms, cause: .limited("phone", retryAfter: .seconds(3600)))
        #expect(event.deliveries.map(\.channel) == [.email])
        #expect(event.refused == [refused])
        time.pass(.seconds(60))
        #expect(try await store.accept(stationery.submission(letter, at: time.now())) == .duplicate(event))
        time.setWall(by: .seconds(-60))
        #expect(try await room(of: mail) == 2)
        #expect(try await room(of: ip) == 8)
    }

    func waitsForTheFirstLegOfAGroup() async throws {
        let (phone, mail) = (Slot("phone", "1/1h"), Slot("mail", "1/1m"))
        let letter = party("bobby").with { letter in
            letter.legs[0].slots = [phone]
            letter.legs[1].slots = [mail]
        }
        try await accept(anybody(phone))
        try await accept(anybody(mail))
        let refused = LegRefusal(channel: .email, cause: .limited("mail", retryAfter: .seconds(60)))
        #expect(try await refusal(of: letter) == refused)
        time.pass(.seconds(60))
        #expect(try await acceptEvent(letter).refused.map(\.channel) == [.sms])
    }

    func takesNothingForWhatIsNotKept() async throws {
        let slot = Slot("limit", "3/1h")
        let letter = anybody(slot).with { $0.name = "one" }
        try await accept(letter)
        for _ in 1...5 {
            guard case .duplicate = try await store.accept(stationery.submission(letter, at: time.now())) else {
                throw Surprise("it was no duplicate")
            }
            let other = letter.with { $0.content = "other" }
            #expect(try await store.accept(stationery.submission(other, at: time.now())) == .conflict)
            let wrong = anybody(slot).with { $0.problem = .notAllowed }
            #expect(try await store.accept(stationery.submission(wrong, at: time.now())) == .invalid(.notAllowed))
        }
        try await open([.cents(0)])
        for _ in 1...5 { _ = try await refusal(of: sms("carol").limited(by: slot)) }
        #expect(try await room(of: slot) == 2)
    }
}
