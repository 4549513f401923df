import Testing

@testable import SQLiteStore

/// What a commit writes besides its rows is divided by more, and nobody waits where that brings nothing.
@Suite struct GatheringTests {
    @Test(arguments: [
        ("behind one that came alone nobody waits", 1, [1], 0),
        ("nor behind a few", 5, [5, 8], 0),
        ("behind many once, where nobody comes meanwhile", 6, [3, 3], 1),
        ("also where nobody waits yet", 6, [0, 0], 1),
        ("again while each wait brings more", 20, [1, 2, 3, 3], 3),
        ("not where enough wait already", 20, [32], 0),
        ("until enough wait", 20, [10, 31, 32], 2),
        ("five times at the most", 64, [1, 2, 3, 4, 5, 6, 7], 5),
        ("not where somebody urgent waits", 64, [Int.max], 0),
    ])
    func waits(_ name: String, behind last: Int, seen counts: [Int], waits: Int) {
        var gathering = Gathering(behind: last)
        #expect(counts.prefix { gathering.goesOn(waiting: $0) }.count == waits, "\(name)")
    }
}
