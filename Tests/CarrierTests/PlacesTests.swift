import Clocks
import Deliveries
import TestSupport
import Testing

@testable import Carrier

@Suite("The connections of a gateway", .timeLimit(.minutes(2)))
struct PlacesTests {
    private let time = ManualTime()
    private let many = Places.Party(tenant: "many", priority: 2)
    private let few = Places.Party(tenant: "few", priority: 2)

    @Test("are claimed for as they are free")
    func offersWhatIsFree() async {
        let places = Places(3, time: time)
        #expect(await places.room() == 3)
        #expect(await places.take(many) != nil)
        #expect(await places.room() == 2)
    }

    @Test("have as much claimed ahead as they got done while three claims were answered", arguments: [0, 8, 10, 100])
    func claimsAheadAsLongAsClaimsTake(milliseconds: Int64) async {
        let places = Places(64, time: time)
        for _ in 0..<100 { places.answered(after: .milliseconds(milliseconds)) }
        for _ in 0..<64 { #expect(await places.take(many) != nil) }
        // One a millisecond; at the end one in this one.
        for _ in 0..<192 {
            time.pass(.milliseconds(1))
            places.leave(Places.Place(party: many, isOfFew: false))
            #expect(await places.take(many) != nil)
        }
        let moment = Int(3 * min(max(milliseconds, 5), 25))
        let room = await places.room()
        // Not in one claim.
        #expect((min(moment, 64)...min(moment + 1, 64)).contains(room))
        let waiting = (0..<room).map { _ in Task.immediate { await places.take(many) } }
        // More is asked for when a third of it is gone.
        let asking = Task.immediate { await places.room() }
        for _ in 0...room / 3 { places.leave(Places.Place(party: many, isOfFew: false)) }
        #expect(await asking.value > 0)
        places.close()
        for task in waiting { _ = await task.value }
    }

    @Test("have as much claimed ahead as they got done a moment ago, and no more in one claim than there are")
    func claimsAhead() async {
        let places = Places(3, time: time)
        for _ in 0..<2 {
            #expect(await places.take(many) != nil)
            places.leave(Places.Place(party: many, isOfFew: false))
        }
        for _ in 0..<3 { #expect(await places.take(many) != nil) }
        #expect(await places.room() == 2)
        for _ in 0..<5 {
            places.leave(Places.Place(party: many, isOfFew: false))
            #expect(await places.take(many) != nil)
        }
        #expect(await places.room() == 3)
    }

    @Test("have nothing claimed ahead when they got nothing done of late")
    func claimsNothingAheadOfTheSlow() async {
        let places = Places(2, time: time)
        for _ in 0..<2 { #expect(await places.take(many) != nil) }
        places.leave(Places.Place(party: many, isOfFew: false))
        #expect(await places.take(many) != nil)
        time.pass(.milliseconds(51))
        async let room = places.room()
        // Only this one is free when it is asked for.
        places.leave(Places.Place(party: many, isOfFew: false))
        #expect(await room <= 2)
        #expect(await places.take(many) != nil)
        time.pass(.milliseconds(51))
        places.close()
        #expect(await places.room() == 0)
    }

    @Test("go on to the next before an outcome is stored, and with it, where both have few in hand or both many")
    func handsOn() async {
        let places = Places(3, kept: 1, few: 1, time: time)
        let debt = Places.Debt(report: Report(token: "t1", handOver: HandOver(.accepted)), patience: .milliseconds(3))
        let place = Places.Place(party: many, isOfFew: false)
        for _ in 0..<2 { #expect(await places.take(many) != nil) }
        // Nobody waits.
        #expect(!places.handOn(place, owing: debt))
        let next = Task.immediate { await places.take(many) }
        #expect(places.handOn(place, owing: debt))
        #expect(await next.value?.debt == debt)
        #expect(await next.value?.isOfFew == false)
        // Whose turn it is waits until it is stored, for their begins are other calls.
        #expect(await places.take(few)?.isOfFew == true)
        let quiet = Task.immediate { await places.take(Places.Party(tenant: "quiet", priority: 2)) }
        #expect(!places.handOn(place, owing: debt))
        places.leave(place)
        #expect(await quiet.value?.debt == nil)
        #expect(await quiet.value?.isOfFew == true)
        // One of the many is in hand still, so this one is not of few.
        let last = Task.immediate { await places.take(many) }
        #expect(!places.handOn(Places.Place(party: few, isOfFew: true), owing: debt))
        places.close()
        #expect(await last.value == nil)
    }

    @Test("are kept for who has few in hand: the others leave some free, and are claimed for without them")
    func keepsForFew() async {
        let places = Places(8, kept: 2, few: 3, time: time)
        #expect(await places.room() == 6)
        #expect(await places.room(for: .few) == 2)
        for _ in 0..<6 { #expect(await places.take(many) != nil) }
        let waiting = Task.immediate { await places.take(many) }
        #expect(await places.take(few)?.isOfFew == true)
        #expect(await places.room(for: .few) == 1)
        #expect(await places.take(few)?.isOfFew == true)
        // Of those who have few in hand, too, whoever comes last waits.
        let last = Task.immediate { await places.take(few) }
        places.leave(Places.Place(party: many, isOfFew: false))
        #expect(await last.value?.isOfFew == true)
        places.close()
        #expect(await waiting.value == nil)
    }

    @Test("are claimed for in parts for ten seconds after somebody has few in hand beside somebody who has many")
    func claimsInParts() async {
        let courtesy = Courtesy(part: 2, time: time)
        let places = Places(16, kept: 2, few: 3, time: time, courtesy: courtesy)
        // Nobody else is there.
        for _ in 0..<5 { #expect(await places.take(many) != nil) }
        #expect(await places.room() == 9)
        let place = await places.take(few)
        #expect(place?.isOfFew == true)
        #expect(await places.room() == 2)
        #expect(await places.room(for: .few) == 2)
        time.pass(.milliseconds(9999))
        #expect(await places.room() == 2)
        time.pass(.milliseconds(1))
        #expect(await places.room() == 8)
        // Nobody has many any more.
        for _ in 0..<2 { places.leave(Places.Place(party: many, isOfFew: false)) }
        #expect(await places.take(few)?.isOfFew == true)
        #expect(await places.room() == 11)
        #expect(courtesy.limit(100) == 100)
    }

    @Test("go to who has the fewest in hand, where several wait")
    func servesFewestFirst() async {
        let places = Places(2, time: time)
        for _ in 0..<2 { #expect(await places.take(many) != nil) }
        let first = Task.immediate { await places.take(many) }
        let second = Task.immediate { await places.take(few) }
        places.leave(Places.Place(party: many, isOfFew: false))
        #expect(await second.value != nil)
        places.close()
        #expect(await first.value == nil)
    }

    @Test("count no message that was sent away as in hand")
    func forgets() async {
        let places = Places(8, kept: 1, few: 1, time: time)
        for _ in 0..<7 { #expect(await places.take(many) != nil) }
        #expect(await places.take(few) != nil)
        let waiting = Task.immediate { await places.take(few) }
        time.pass(.seconds(1))
        #expect(await waiting.value == nil)
        for _ in 0..<2 { places.leave(Places.Place(party: many, isOfFew: false)) }
        places.leave(Places.Place(party: few, isOfFew: true))
        #expect(await places.take(few)?.isOfFew == true)
    }

    @Test("go to who has waited longest")
    func servesInOrder() async {
        let places = Places(1, time: time)
        #expect(await places.take(many) != nil)
        async let waiting = places.take(many)
        places.leave(Places.Place(party: many, isOfFew: false))
        #expect(await waiting != nil)
    }

    @Test("send away who has waited a second, long before a lease is over")
    func sendsAway() async {
        let places = Places(1, time: time)
        #expect(await places.take(many) != nil)
        let waiting = Task.immediate { await places.take(many) }
        time.pass(.seconds(1))
        #expect(await waiting.value == nil)
    }

    @Test("end all waits when the carrier ends")
    func closes() async {
        let places = Places(1, time: time)
        #expect(await places.take(many) != nil)
        let waiting = Task.immediate { await places.take(many) }
        let claiming = Task.immediate { await places.room() }
        places.close()
        #expect(await waiting.value == nil)
        #expect(await claiming.value == 0)
        #expect(await places.take(many) == nil)
    }

    @Test("give back a task that none becomes free for, and nothing was begun")
    func givesBack() async {
        let counter = Counter(time: time)
        let places = Places(1, time: time)
        #expect(await places.take(many) != nil)
        let work = Task.immediate { await counter.perform(.send(counter.claim("t1")), places) }
        time.pass(.seconds(1))
        await work.value
        #expect(counter.office.outcome(of: "t1") == HandOver(.released, code: "no_connection"))
        #expect(counter.office.begun.isEmpty)
    }
}
