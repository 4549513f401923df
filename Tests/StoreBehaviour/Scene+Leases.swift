import AuthEvents
import Clocks
import Deliveries
import Store
import TestSupport
import Testing

extension Scene {
    func freesWhatAFormerInstanceHeld() async throws {
        try await accept((1...3).map { Letter(to: "person-\($0)") })
        let begun = try await beginOne()
        let held = try await claim()
        #expect(held.count == 2)
        #expect(try await claim(by: "another").isEmpty)
        let taken = try await claim(by: "carrier", "two")
        #expect(Set(taken.map(\.token.delivery)) == Set(held.map(\.token.delivery)))
        #expect(try await begin(held[0]) == .stale)
        #expect(try await begin(taken[0]) == .go)
        #expect(try await state(begun.token.delivery) == "sending")
        #expect(try await begin(begun) == .go)
        #expect(try await claim(by: "carrier", "two").isEmpty)
    }

    func leavesLiveInstancesTheirClaims() async throws {
        #expect(try await claim(by: "carrier", "one").isEmpty)
        #expect(try await claim(by: "carrier", "two").isEmpty)
        try await accept(Letter(to: "bobby"))
        let held = try #require(try await claim(by: "carrier", "one").first)
        #expect(try await claim(by: "carrier", "two").isEmpty)
        #expect(try await begin(held) == .go)
        // However long both have nothing to do.
        for _ in 1...48 {
            time.pass(.seconds(25))
            try await sweep()
            for instance in ["one", "two"] { _ = try await claim(at: Scene.sms, by: "carrier", instance) }
        }
        try await accept(Letter(to: "carol", by: .sms))
        let late = try #require(try await claim(at: Scene.sms, by: "carrier", "one").first)
        #expect(try await claim(at: Scene.sms, by: "carrier", "two").isEmpty)
        #expect(try await begin(late) == .go)
    }

    func freesAfterAReopenToo() async throws {
        try await accept(Letter(to: "bobby"))
        let held = try await claimOne()
        try await lab.reopen()
        #expect(try await claim(by: "carrier", "one").isEmpty)
        #expect(try await claim(by: "carrier", "two").map(\.token.delivery) == [held.token.delivery])
    }

    func freeingCostsNothing() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        for _ in 1...5 {
            let claimed = try await claimOne()
            try await store.free([claimed.token])
            #expect(try await state(delivery.id) == "ready")
            #expect(try await begin(claimed) == .stale)
        }
        let begun = try await beginOne()
        try await store.free([begun.token])
        #expect(try await state(delivery.id) == "sending")
    }

    func takesBackUnbegunClaims() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        let claimed = try await claimOne()
        time.pass(.milliseconds(4999))
        try await sweep()
        #expect(try await state(delivery.id) == "leased")
        time.pass(.milliseconds(1))
        #expect(try await begin(claimed) == .stale)
        try await sweep()
        #expect(try await state(delivery.id) == "ready")
        #expect(try await report(delivery.id).attempts.isEmpty)
        #expect(try await claimOne().token.delivery == delivery.id)
    }

    func buriesWhatKillsCarriers() async throws {
        let fatal = try await accept(Letter(to: "fatal", .recovery))
        for _ in 1...2 {
            #expect(try await claimOne().token.delivery == fatal.id)
            time.pass(.seconds(5))
            try await sweep()
            #expect(try await state(fatal.id) == "ready")
        }
        // Others of its own lane, of a later priority and of another gateway come too; it must stand alone all the same.
        time.pass(.milliseconds(1))
        try await accept([
            Letter(to: "bobby", .recovery), Letter(to: "carol"), Letter(to: "dora", .recovery, by: .sms),
        ])
        let third = try await claim()
        #expect(third.map(\.token.delivery) == [fatal.id])
        // Nor does the next claim of the same process join it to others; another process has no part in it.
        #expect(try await claim().isEmpty)
        #expect(try await claim(by: "another").count == 3)
        time.pass(.seconds(5))
        try await sweep()
        #expect(try await state(fatal.id) == "dead(crashed)")
        #expect(try await begin(third[0]) == .stale)
    }

    func neverJoinsOthersOnceTwoDiedWithIt() async throws {
        let fatal = try await accept(Letter(to: "fatal"))
        for instance in ["one", "two"] { #expect(try await claim(by: "carrier", instance).count == 1) }
        let urgent = try await accept(Letter(to: "bobby", .mfa))
        let held = try await claim(by: "carrier", "three")
        #expect(held.map(\.token.delivery) == [urgent.id])
        // It would die with the other, or the other with it.
        #expect(try await claim(by: "carrier", "three").isEmpty)
        #expect(try await begin(held) == [.go])
        #expect(try await claim(by: "carrier", "three").map(\.token.delivery) == [fatal.id])
        let late = try await accept(Letter(to: "carol", .mfa))
        #expect(try await claim(by: "carrier", "three").isEmpty)
        try await lab.reopen()
        #expect(try await claim(by: "carrier", "three").isEmpty)
        #expect(try await claim(by: "carrier", "four").map(\.token.delivery) == [late.id])
        #expect(try await state(fatal.id) == "dead(crashed)")
        #expect(try await state(urgent.id) == "sending")
    }

    func comesToWhoIsNeverIdle() async throws {
        let fatal = try await accept(Letter(to: "fatal"))
        for instance in ["one", "two"] { #expect(try await claim(by: "carrier", instance).count == 1) }
        try await accept((1...4).map { Letter(to: "texted-\($0)", .mfa, by: .sms) })
        let texts = { try await self.claim(1, at: ["sms-main"], by: "carrier", "three") }
        let mails = { try await self.claim(at: ["mail-main"], by: "carrier", "three") }
        let first = try await texts()
        #expect(first.count == 1)
        #expect(try await mails().isEmpty)
        // From now on its hands become empty.
        #expect(try await texts().isEmpty)
        #expect(try await begin(first) == [.go])
        #expect(try await texts().isEmpty)
        let alone = try await mails()
        #expect(alone.map(\.token.delivery) == [fatal.id])
        #expect(try await texts().isEmpty)
        #expect(try await begin(alone) == [.go])
        #expect(try await texts().count == 1)
    }

    func waitsForNobodyWhoStaysAway() async throws {
        try await accept(Letter(to: "fatal"))
        for instance in ["one", "two"] { #expect(try await claim(by: "carrier", instance).count == 1) }
        try await accept((1...2).map { Letter(to: "texted-\($0)", .mfa, by: .sms) })
        let texts = { try await self.claim(1, at: ["sms-main"], by: "carrier", "three") }
        #expect(try await texts().count == 1)
        #expect(try await claim(at: ["mail-main"], by: "carrier", "three").isEmpty)
        time.pass(.milliseconds(1999))
        #expect(try await texts().isEmpty)
        time.pass(.milliseconds(1))
        #expect(try await texts().count == 1)
    }

    func buriesAllThatIsFatal() async throws {
        let fatal = try await accept([Letter(to: "one"), Letter(to: "two")]).map(\.id)
        for instance in ["one", "two"] { #expect(try await claim(by: "carrier", instance).count == 2) }
        // They come one by one.
        for instance in ["three", "four"] { #expect(try await claim(by: "carrier", instance).count == 1) }
        #expect(try await claim(by: "carrier", "five").isEmpty)
        for id in fatal { #expect(try await state(id) == "dead(crashed)") }
    }

    func blamesNothingWhereManyDie() async throws {
        let met = try await accept(Letter(to: "bobby"))
        for instance in ["one", "two", "three"] { #expect(try await claim(by: "carrier", instance).count == 1) }
        for name in ["first", "second", "third"] { try await dieWithAnother(name) }
        // Five have died within a minute, three of them without it.
        #expect(try await claim(by: "carrier", "four").map(\.token.delivery) == [met.id])
        try await lab.reopen()
        #expect(try await claim(by: "carrier", "five").map(\.token.delivery) == [met.id])
        time.pass(.seconds(60))
        #expect(try await claim(by: "carrier", "six").isEmpty)
        #expect(try await state(met.id) == "dead(crashed)")
    }

    func blamesAllTheSameWhereFewOthersDie() async throws {
        for name in ["first", "second"] { try await dieWithAnother(name) }
        let fatal = try await accept(Letter(to: "bobby"))
        for instance in ["one", "two", "three"] { #expect(try await claim(by: "carrier", instance).count == 1) }
        #expect(try await claim(by: "carrier", "four").isEmpty)
        #expect(try await state(fatal.id) == "dead(crashed)")
    }

    func buriesAfterSixWhateverHappens() async throws {
        let met = try await accept(Letter(to: "bobby"))
        for round in 1...6 {
            #expect(try await claim(by: "carrier", "\(round)").map(\.token.delivery) == [met.id])
            for other in 1...3 { try await dieWithAnother("\(other) of round \(round)") }
        }
        #expect(try await claim(by: "carrier", "seven").isEmpty)
        #expect(try await state(met.id) == "dead(crashed)")
    }

    /// A carrier of the same channel dies with something else, which its successor begins.
    private func dieWithAnother(_ name: String) async throws {
        let other = try await accept(Letter(to: name, .mfa))
        #expect(try await claim(1, by: "another", "\(name) dies").map(\.token.delivery) == [other.id])
        let held = try await claim(1, by: "another", "\(name) lives")
        #expect(held.map(\.token.delivery) == [other.id])
        #expect(try await begin(held) == [.go])
        try await settle(held[0], .accepted)
    }

    func beginningClearsTheBlame() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        for round in 1...3 {
            for instance in ["one", "two"] {
                #expect(try await claim(by: "carrier", "\(instance)-\(round)").count == 1)
            }
            // The second instance's claim is freed for the third, which begins: nobody died with it since.
            let claimed = try #require(try await claim(by: "carrier", "three-\(round)").first)
            #expect(try await begin(claimed) == .go)
            try await settle(claimed, .released)
        }
        #expect(try await state(delivery.id) == "ready")
    }

    func leasesKeepTheirOwnClock() async throws {
        try await accept([Letter(to: "bobby"), Letter(to: "carol")])
        let begun = try await beginOne()
        let held = try await claimOne()
        for jump in [Duration.seconds(3600), .seconds(-7200)] {
            time.setWall(by: jump)
            try await sweep()
            #expect(try await state(held.token.delivery) == "leased")
            #expect(try await state(begun.token.delivery) == "sending")
            #expect(try await begin(begun) == .go)
        }
        time.pass(.seconds(5))
        try await sweep()
        #expect(try await state(held.token.delivery) == "ready")
        time.pass(.seconds(30))
        #expect(try await begin(begun) == .stale)
        try await sweep()
        #expect(try await report(begun.token.delivery).attempts.map(\.outcome) == [.unknown])
    }

    func aRestartOfTheMachineEndsClaims() async throws {
        let mail = try await accept(Letter(to: "bobby"))
        let sms = try await accept(Letter(to: "carol", .mfa, by: .sms))
        let held = try await claimOne(at: Scene.mail)
        let begun = try await beginOne(at: Scene.sms)
        try await lab.reopen()
        try await sweep()
        #expect(try await state(mail.id) == "leased")
        time.restartMachine(as: "boot-2")
        try await lab.reopen()
        try await sweep()
        #expect(try await state(mail.id) == "ready")
        #expect(try await begin(held) == .stale)
        // Its carrier may be on another machine, which was not restarted.
        #expect(try await state(sms.id) == "sending")
        #expect(try await begin(begun) == .go)
        time.pass(.seconds(15) - .milliseconds(1))
        try await lab.reopen()
        try await sweep()
        #expect(try await state(sms.id) == "sending")
        time.pass(.milliseconds(1))
        #expect(try await begin(begun) == .stale)
        try await sweep()
        #expect(try await state(sms.id) == "unknown")
    }

    func aRestartOfTheMachineSendsNothingTwice() async throws {
        let reported = try await accept(Letter(to: "bobby"))
        #expect(try await settle(beginOne(), .unknown) == .applied)
        let begun = try await accept(Letter(to: "carol"))
        _ = try await beginOne()
        let sms = try await accept(Letter(to: "dora", .mfa, by: .sms))
        _ = try await beginOne()
        time.restartMachine(as: "boot-2")
        // The gateway of the SMS is no longer in the settings, so nobody knows how long it was given.
        let mail = StoreBehaviour.routing.gateways.filter { $0.channel == .email }
        try await lab.reopen(with: StoreSettings(routing: RoutingTable(gateways: mail)))
        time.setWall(by: .seconds(60))
        time.pass(.seconds(35) - .milliseconds(1))
        try await sweep()
        #expect(try await state(reported.id) == "unknown")
        #expect(try await state(begun.id) == "sending")
        #expect(try await claim().isEmpty)
        time.pass(.milliseconds(1))
        try await sweep()
        #expect(try await Set(claim().map(\.token.delivery)) == [reported.id, begun.id])
        time.pass(.seconds(270) - .milliseconds(1))
        try await sweep()
        #expect(try await state(sms.id) == "sending")
        time.pass(.milliseconds(1))
        try await sweep()
        #expect(try await state(sms.id) == "dead(gave_up)")
    }
}
