import Clocks
import Deliveries
import TestSupport
import Testing

@testable import Carrier

@Suite("The connections of a gateway", .timeLimit(.minutes(2)))
struct PlacesTests {
    private let time = ManualTime()

    @Test("are claimed for as they are free")
    func offersWhatIsFree() async {
        let places = Places(3, time: time)
        #expect(await places.room() == 3)
        #expect(await places.take())
        #expect(await places.room() == 2)
    }

    @Test("have as much claimed ahead as they got done while two claims were answered", arguments: [0, 8, 10, 100])
    func claimsAheadAsLongAsClaimsTake(milliseconds: Int64) async {
        let places = Places(64, time: time)
        for _ in 0..<100 { places.answered(after: .milliseconds(milliseconds)) }
        for _ in 0..<64 { #expect(await places.take()) }
        // One a millisecond; at the end one in this one.
        for _ in 0..<64 {
            time.pass(.milliseconds(1))
            places.leave()
            #expect(await places.take())
        }
        let moment = Int(2 * min(max(milliseconds, 5), 25))
        #expect(await (moment...moment + 1).contains(places.room()))
    }

    @Test("have as much claimed ahead as they got done a moment ago, and no more than there are")
    func claimsAhead() async {
        let places = Places(3, time: time)
        for _ in 0..<2 {
            #expect(await places.take())
            places.leave()
        }
        for _ in 0..<3 { #expect(await places.take()) }
        #expect(await places.room() == 2)
        for _ in 0..<5 {
            places.leave()
            #expect(await places.take())
        }
        #expect(await places.room() == 3)
    }

    @Test("have nothing claimed ahead when they got nothing done of late")
    func claimsNothingAheadOfTheSlow() async {
        let places = Places(2, time: time)
        for _ in 0..<2 { #expect(await places.take()) }
        places.leave()
        #expect(await places.take())
        time.pass(.milliseconds(51))
        async let room = places.room()
        // Only this one is free when it is asked for.
        places.leave()
        #expect(await room <= 2)
        #expect(await places.take())
        time.pass(.milliseconds(51))
        places.close()
        #expect(await places.room() == 0)
    }

    @Test("go to who has waited longest")
    func servesInOrder() async {
        let places = Places(1, time: time)
        #expect(await places.take())
        async let waiting = places.take()
        places.leave()
        #expect(await waiting)
    }

    @Test("send away who has waited a second, long before a lease is over")
    func sendsAway() async {
        let places = Places(1, time: time)
        #expect(await places.take())
        let waiting = Task.immediate { await places.take() }
        time.pass(.seconds(1))
        #expect(await waiting.value == false)
    }

    @Test("end all waits when the carrier ends")
    func closes() async {
        let places = Places(1, time: time)
        #expect(await places.take())
        let waiting = Task.immediate { await places.take() }
        let claiming = Task.immediate { await places.room() }
        places.close()
        #expect(await waiting.value == false)
        #expect(await claiming.value == 0)
        #expect(await places.take() == false)
    }

    @Test("give back a task that none becomes free for, and nothing was begun")
    func givesBack() async {
        let counter = Counter(time: time)
        let places = Places(1, time: time)
        #expect(await places.take())
        let work = Task.immediate { await counter.perform(.send(counter.claim("t1")), places) }
        time.pass(.seconds(1))
        await work.value
        #expect(counter.office.outcome(of: "t1") == HandOver(.released, code: "no_connection"))
        #expect(counter.office.begun.isEmpty)
    }
}
