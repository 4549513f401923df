import AuthEvents
import Clocks
import TestSupport
import Testing

@Suite("An identifier")
struct IdentifierTests {
    private let instant = Instant(milliseconds: 1_795_255_800_000)

    @Test("is read as it is written, and from its bytes")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<1000 {
            let id = DeliveryID(at: instant, using: &generator)
            #expect(DeliveryID(id.description) == id)
            #expect(DeliveryID(bytes: id.bytes) == id)
            #expect(id.bytes.count == 16 && id.description.utf8.count == 35)
        }
    }

    @Test("is written as its prefix and 32 digits, zeros in front included")
    func text() throws {
        let id = try #require(ChallengeID(bytes: [0, 1, 2, 3, 4, 5, 0x76, 7, 0x88, 9, 10, 11, 12, 13, 14, 0xff]))
        #expect(id.description == "ch_000102030405760788090a0b0c0d0eff")
        #expect(
            ChallengeID(bytes: [UInt8](repeating: 0, count: 16))?.description == "ch_"
                + String(repeating: "0", count: 32)
        )
    }

    @Test("has a prefix for what it names, and is not read with another")
    func prefixes() {
        var generator = SeededGenerator(seed: 2)
        let texts = [
            EventID(at: instant, using: &generator).description,
            ChallengeID(at: instant, using: &generator).description,
            DeliveryID(at: instant, using: &generator).description,
            AttemptID(at: instant, using: &generator).description,
        ]
        #expect(texts.map { $0.prefix(3) } == ["ev_", "ch_", "dl_", "at_"])
        #expect(texts.map { EventID($0) != nil } == [true, false, false, false])
        #expect(texts.map { ChallengeID($0) != nil } == [false, true, false, false])
        #expect(texts.map { DeliveryID($0) != nil } == [false, false, true, false])
        #expect(texts.map { AttemptID($0) != nil } == [false, false, false, true])
    }

    @Test("is a UUID of version 7 with the time in front")
    func version() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<200 {
            let bytes = EventID(at: instant, using: &generator).bytes
            #expect(bytes[..<6].reduce(0) { $0 << 8 | Int64($1) } == instant.milliseconds)
            #expect(bytes[6] >> 4 == 7 && bytes[8] >> 6 == 0b10)
        }
    }

    @Test("sorts by its time, as a value, as text and as bytes")
    func order() {
        var generator = SeededGenerator(seed: 4)
        let ids = (0..<500).map { EventID(at: instant + .milliseconds($0), using: &generator) }
        for (earlier, later) in zip(ids, ids.dropFirst()) {
            #expect(earlier < later && !(later < earlier))
            #expect(earlier.description < later.description)
            #expect(earlier.bytes.lexicographicallyPrecedes(later.bytes))
        }
    }

    @Test("orders ids of one time by what is random in them, as text does")
    func orderWithinMillisecond() {
        var generator = SeededGenerator(seed: 5)
        let ids = (0..<500).map { _ in EventID(at: instant, using: &generator) }
        #expect(Set(ids).count == ids.count)
        #expect(ids.sorted().map(\.description) == ids.map(\.description).sorted())
    }

    @Test(
        "is not read from anything else",
        arguments: [
            "", "dl_", "dl", "0197a3c04e5b7d118f2a6b3c4d5e6f70", "dl-0197a3c04e5b7d118f2a6b3c4d5e6f70",
            "dl_0197a3c04e5b7d118f2a6b3c4d5e6f7", "dl_0197a3c04e5b7d118f2a6b3c4d5e6f700",
            "DL_0197a3c04e5b7d118f2a6b3c4d5e6f70",
            "dl_0197A3C04E5B7D118F2A6B3C4D5E6F70", "dl_0197a3c0-4e5b-7d11-8f2a-6b3c4d5e6f70",
            "dl_0197a3c04e5b7d118f2a6b3c4d5e6f7g", "dl_+197a3c04e5b7d118f2a6b3c4d5e6f70",
            "dl_0197a3c04e5b7d11-f2a6b3c4d5e6f70", " dl_0197a3c04e5b7d118f2a6b3c4d5e6f70",
            "dl_0197a3c04e5b7d118f2a6b3c4d5e6f70\n", "dl_0197a3c04e5b7d118f2a6b3c4d5e６f70",
            "dl__0197a3c04e5b7d118f2a6b3c4d5e6f7",
        ]
    )
    func refused(text: String) {
        #expect(DeliveryID(text) == nil)
    }

    @Test("is not made from more or fewer than 16 bytes", arguments: [0, 1, 15, 17, 32])
    func wrongSize(count: Int) {
        #expect(DeliveryID(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }
}
