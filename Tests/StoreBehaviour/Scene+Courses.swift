import AuthEvents
import Clocks
import Deliveries
import Spend
import Store
import TestSupport
import Testing

/// Courses of several steps.
extension Scene {
    /// Where a course of `await_receipt` and `ask_gateway` may stand.
    private enum Place: CaseIterable {
        case waiting, pausing, offered, claimed
    }

    /// Brings an SMS that was lost just now to a place.
    private func bring(to place: Place) async throws -> ClaimedQuestion? {
        guard place != .waiting else { return nil }
        time.pass(.seconds(120))
        try await sweep()
        guard place != .pausing else { return nil }
        time.pass(.seconds(10))
        try await sweep()
        guard place == .claimed else { return nil }
        let claimed = try await questions().first
        #expect(claimed != nil)
        return claimed
    }

    private func word(_ place: Place) -> String {
        switch place {
        case .waiting: "await_receipt 0 then ask_gateway in 120 s"
        case .pausing: "ask_gateway 0 then give_up in 10 s"
        case .offered: "ask_gateway 0 then give_up in 3590 s"
        case .claimed: "ask_gateway 1 then give_up in 15 s"
        }
    }

    func takesTheStepsInOrder() async throws {
        try await openAsking([.awaitReceipt, .askGateway], .sendAgain)
        let lost = try await loseSMS()
        #expect(try await course(of: lost) == "await_receipt 0 then ask_gateway in 120 s")
        time.pass(.seconds(120))
        try await sweep()
        for (asked, pause) in [10, 20, 40, 80, 120].enumerated() {
            #expect(try await course(of: lost) == "ask_gateway \(asked) then send_again in \(pause) s")
            try await answer(question(after: Int64(pause)), .unknown)
        }
        #expect(try await state(of: lost) == "ready")
        try await settle(beginOne(for: .cents(1)), .accepted)
        let both = ["reserved 0.01", "committed 1 0.01", "reserved 0.01", "committed 2 0.01"]
        #expect(try await story(lost.token.delivery) == both)

        try await openAsking([.askGateway, .awaitReceipt]) { settings in
            settings.routing = settings.routing.asking(AskingTerms(most: 1))
        }
        let other = try await loseSMS("carol")
        #expect(try await course(of: other) == "ask_gateway 0 then await_receipt in 10 s")
        try await answer(question(), .unknown)
        #expect(try await course(of: other) == "await_receipt 1 then give_up in 120 s")
        time.pass(.seconds(120))
        try await sweep()
        #expect(try await state(of: other) == "dead(gave_up)")
    }

    func endsACourseAtAnyStep() async throws {
        try await openAsking([.awaitReceipt, .askGateway])
        for place in Place.allCases {
            let settled = try await loseSMS("settled \(place)")
            _ = try await bring(to: place)
            #expect(try await course(of: settled) == word(place))
            #expect(try await settle(settled, .accepted, reference: "SM") == .applied, "\(place)")
            #expect(try await state(of: settled) == "accepted")

            let unsent = try await loseSMS("unsent \(place)")
            _ = try await bring(to: place)
            #expect(try await settle(unsent, .released) == .applied, "\(place)")
            #expect(try await state(of: unsent) == "ready")
            try await settle(beginOne(for: .cents(1)), .accepted)

            let reported = try await loseSMS("reported \(place)")
            let question = try await bring(to: place)
            #expect(try await receive(.delivered, of: reported) == .applied, "\(place)")
            #expect(try await state(of: reported) == "delivered")
            if let question { #expect(try await answer(question, .retry) == .recorded) }

            let verified = try await loseSMS("verified \(place)")
            let late = try await bring(to: place)
            let challenge = try await report(verified.token.delivery).challenge
            #expect(try await verify(challenge, "1").name == "verified")
            #expect(try await state(of: verified) == "dead(answered)")
            if let late { #expect(try await answer(late, .accepted, reference: "SM") == .recorded) }
            // Nothing is left that could move any of them.
            let before = try await store.standing(of: nil).channels.map(\.counts)
            #expect(try await questions().isEmpty)
            time.pass(.seconds(7200))
            try await sweep()
            #expect(try await questions().isEmpty)
            #expect(try await store.standing(of: nil).channels.map(\.counts) == before)
            #expect(try await state(of: verified) == "dead(answered)")
        }
    }

    func coursesOutliveKills() async throws {
        try await openAsking([.awaitReceipt, .askGateway])
        for place in Place.allCases {
            let lost = try await loseSMS("\(place)")
            let question = try await bring(to: place)
            try await lab.kill(reopeningWith: lab.settings)
            #expect(try await course(of: lost) == word(place))
            if let question {
                #expect(try await answer(question, .unknown) == .applied)
                #expect(try await course(of: lost) == "ask_gateway 1 then give_up in 20 s")
                try await lab.kill(reopeningWith: lab.settings)
                #expect(try await answer(question, .unknown) == .applied)
                let second = try await self.question(after: 20)
                #expect(second.token.fence > question.token.fence)
                time.pass(.seconds(15))
                try await lab.kill(reopeningWith: lab.settings)
                try await sweep()
                #expect(try await course(of: lost) == "ask_gateway 2 then give_up in 40 s")
                #expect(try await answer(self.question(after: 40), .accepted) == .applied)
            } else {
                let rest: Int64 = place == .waiting ? 130 : place == .pausing ? 10 : 0
                if place == .waiting {
                    time.pass(.seconds(120))
                    try await sweep()
                }
                #expect(try await answer(self.question(after: rest == 0 ? 0 : 10), .accepted) == .applied)
            }
            #expect(try await state(of: lost) == "accepted")
        }
        // A machine that starts anew has none of the leases, and keeps the course.
        let last = try await loseSMS("last")
        _ = try await bring(to: .claimed)
        time.restartMachine(as: "boot-2")
        try await lab.kill(reopeningWith: lab.settings)
        time.pass(.seconds(15))
        try await sweep()
        #expect(try await course(of: last) == "ask_gateway 1 then give_up in 20 s")
    }

    func goesByTheSettingsOfNow() async throws {
        try await openAsking([.awaitReceipt, .askGateway])
        let waiting = try await loseSMS("waiting")
        time.pass(.seconds(60))
        let pausing = try await loseSMS("pausing")
        try await openAsking([.askGateway])
        let asking = try await loseSMS("asking")
        _ = try await question()
        try await openAsking([], .sendAgain)
        #expect(try await course(of: asking) == "ask_gateway 1 then send_again in 15 s")
        #expect(try await course(of: waiting).hasPrefix("await_receipt 0 then send_again"))
        time.pass(.seconds(15))
        try await sweep()
        #expect(try await state(of: asking) == "ready")
        #expect(try await state(of: pausing) == "unknown")
        // Without the gateway what is usual for the channel is done.
        try await lab.reopen(with: StoreSettings(routing: RoutingTable(gateways: [StoreBehaviour.sms("sms-backup")])))
        time.pass(.seconds(7200))
        try await sweep()
        for lost in [waiting, pausing] { #expect(try await state(of: lost) == "dead(gave_up)") }
    }

    func treatsEachPurposeAndGateway() async throws {
        try await open([]) { settings in
            let gateways = Scene.reporting.gateways.map { gateway in
                var terms = gateway
                if gateway.channel == .sms { terms.unknown[.mfa] = UnknownPolicy(end: .sendAgain) }
                return terms
            }
            settings.routing = RoutingTable(gateways: gateways)
        }
        let notice = try await accept(Letter(to: "bobby", .notice, by: .sms))
        let mfa = try await accept(Letter(to: "carol", .mfa, by: .sms))
        let recovery = try await accept(Letter(to: "dora", .recovery, by: .sms))
        for claimed in try await claim(at: Scene.sms) { #expect(try await begin(claimed) == .go) }
        time.pass(.seconds(15))
        try await sweep()
        // Both waited for nothing but the lease.
        #expect(try await state(notice.id) == "dead(gave_up)")
        #expect(try await state(mfa.id) == "ready")
        #expect(try await state(recovery.id) == "unknown")
        time.pass(.seconds(120))
        try await sweep()
        #expect(try await state(recovery.id) == "dead(gave_up)")
    }

    func showsWhatIsDone() async throws {
        try await openAsking([.awaitReceipt, .askGateway], .sendAgain)
        func steps(of tenant: TenantName? = nil) async throws -> [Int64] {
            let sms = try #require(try await store.standing(of: tenant).channels.first { $0.channel == .sms })
            return [(sms.counts[.unknown] ?? 0) - sms.asking, sms.asking]
        }
        let lost = try await loseSMS()
        #expect(try await steps() == [1, 0])
        time.pass(.seconds(120))
        try await sweep()
        let other = try await accept(sms("carol").with { $0.tenant = Scene.acme })
        _ = try await beginOne(for: .cents(1))
        time.pass(.seconds(15))
        try await sweep()
        #expect(try await steps() == [1, 1])
        #expect(try await steps(of: Scene.acme) == [1, 0])
        #expect(try await steps(of: .default) == [0, 1])
        try await lab.reopen()
        #expect(try await steps() == [1, 1])
        var filter = DeliveryFilter(limit: 10)
        filter.state = .unknown
        let listed = try await store.deliveries(filter).items
        #expect(listed.map(\.unknown?.step) == [.awaitReceipt, .askGateway])
        #expect(listed.map(\.unknown?.then) == ["ask_gateway", "send_again"])
        #expect(try await report(other.id).unknown?.until == time.now() + .seconds(120))
        #expect(try await report(lost.token.delivery).unknown == listed.last?.unknown)
        // At its deadline nothing would be sent again.
        let brief = try await accept(sms("dora").with { $0.life = .seconds(70) })
        _ = try await beginOne(for: .cents(1))
        time.pass(.seconds(15))
        try await sweep()
        #expect(try await report(brief.id).unknown?.then == "ask_gateway")
        time.pass(.seconds(120))
        try await sweep()
        #expect(try await report(brief.id).unknown?.then == "give_up")
    }
}
