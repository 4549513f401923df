/// How a load is put on, and for how long.
struct LoadPlan: Sendable {
    enum Pace: Sendable {
        /// Each connection goes on as soon as its answer has come.
        case closed
        /// So many a second, whatever the answers.
        case open(perSecond: Int)
        /// At most so many are on their way, from their request until they have arrived.
        case window(Int, arrived: @Sendable () -> Int)
    }

    var port: UInt16
    var connections = BenchRun.connections
    var pace = Pace.closed
    /// How long new work is begun.
    var seconds: Double = .infinity
    /// The most pieces of work.
    var most = Int.max
}

/// What came of a load.
struct LoadResult: Sendable {
    /// From the sending of each request to its answer.
    var times = Histogram()
    var done = 0
    var refused = 0
    var firstRefusal: String?
    var begun = Moment.now
    /// When the last answer came.
    var ended = Moment.now
    /// When each piece of work was sent, by its number, and when its answer came.
    var sent: [Moment] = []
    var answered: [Moment?] = []

    /// Pieces of work a second.
    var rate: Double { Double(done) / max(Double(ended - begun) / 1e9, 1e-9) }

    func check() throws(BenchFailure) {
        guard refused == 0 else {
            throw BenchFailure(
                "\(refused) of \(refused + done) requests were not accepted; the first: \(firstRefusal ?? "")"
            )
        }
    }
}
