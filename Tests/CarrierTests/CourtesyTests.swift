import Clocks
import TestSupport
import Testing

@testable import Carrier

@Suite("Courtesy")
struct CourtesyTests {
    private let time = ManualTime()

    @Test("is for those who have few in hand beside others' many, here or elsewhere, and lasts ten seconds")
    func lasts() {
        let meetings: [(Courtesy) -> Void] = [{ $0.metFew(besideMany: true) }, { $0.metFewElsewhere() }]
        for meet in meetings {
            let courtesy = Courtesy(part: 2, time: time)
            #expect(courtesy.limit(9) == 9)
            // As long as nobody has many, nobody is in the way.
            courtesy.metFew(besideMany: false)
            #expect(courtesy.limit(9) == 9)
            meet(courtesy)
            time.pass(.milliseconds(9999))
            #expect(courtesy.limit(9) == 2)
            #expect(courtesy.limit(1) == 1)
            time.pass(.milliseconds(1))
            #expect(courtesy.limit(9) == 9)
        }
    }

    @Test("is asked of others for whoever has few in hand, but not for the first of many")
    func asksOthers() {
        let courtesy = Courtesy(part: 2, time: time)
        #expect(!courtesy.hasFew(besideMany: false))
        courtesy.metFew(besideMany: false)
        #expect(courtesy.hasFew(besideMany: false))
        #expect(!courtesy.hasFew(besideMany: true))
        courtesy.metFew(besideMany: true)
        #expect(courtesy.hasFew(besideMany: true))
        time.pass(.seconds(10))
        #expect(!courtesy.hasFew(besideMany: false))
        #expect(!courtesy.hasFew(besideMany: true))
    }

    @Test("that others ask for is not handed on, or they would ask each other for ever")
    func isNotHandedOn() {
        let courtesy = Courtesy(part: 2, time: time)
        courtesy.metFewElsewhere()
        #expect(!courtesy.hasFew(besideMany: false))
        #expect(!courtesy.hasFew(besideMany: true))
    }
}
