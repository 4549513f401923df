/// The time that the batch behind a large one is given to grow: what each commit writes besides its rows is divided by more.
///
/// Nobody who comes alone waits for it, and nobody whom it brings no company waits twice.
struct Gathering {
    /// How long each wait is, in microseconds.
    static let pause: UInt32 = 400

    private static let (behind, enough, times) = (6, 32, 5)

    private var waits: Int
    private var before = -1

    /// `last`: How many requests the batch before had.
    init(behind last: Int) { waits = last < Gathering.behind ? 0 : Gathering.times }

    /// Whether to wait once (more) for more requests than the `count` that wait now.
    mutating func goesOn(waiting count: Int) -> Bool {
        guard waits > 0, count > before, count < Gathering.enough else { return false }
        (waits, before) = (waits - 1, count)
        return true
    }
}
