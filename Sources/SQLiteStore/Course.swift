import AuthEvents
import Clocks
import Deliveries
import SQLite

/// Where the course of an unknown outcome stands, as its row in `timer` says.
struct Course {
    enum Place: Int64 {
        /// For the end of its attempt's lease, or for a receipt.
        case waiting = 0
        /// For its next question.
        case pausing = 1
        /// For a carrier that takes its question.
        case offered = 2
        /// For the answer of a carrier.
        case claimed = 3
    }

    let delivery: DeliveryID
    var place: Place
    /// When the place is left, unless the outcome is known before.
    var due: Instant
    /// Of the attempt, or of the question that a carrier has; the place is not left before.
    var lease: BootInstant
    var asked: Int64 = 0
    /// The gateway that is asked.
    var gateway: Int64?
    /// When asking ends at the latest.
    var ends: Instant?

    var isAsking: Bool { place != .waiting }
}

extension WriterCore {
    static let overTimers: StaticString = """
        SELECT timer.delivery, delivery.state FROM timer CROSS JOIN delivery ON delivery.id = timer.delivery
        WHERE due <= ? AND lease <= ? ORDER BY due, timer.delivery LIMIT ?
        """
    static let courses: StaticString = """
        SELECT step, due, lease, asked, gateway, ends FROM timer INDEXED BY timer_delivery WHERE delivery = ?
        """
    static let offered: StaticString = """
        SELECT delivery FROM timer INDEXED BY timer_asking
        WHERE step > 0 AND step = 2 AND gateway = ? ORDER BY due, delivery LIMIT ?
        """

    mutating func course(of delivery: DeliveryID) throws(SQLiteError) -> Course? {
        try connection.first(
            WriterCore.courses,
            .id(delivery),
            read: { row in
                Course.Place(rawValue: row.integer(0)).map { place in
                    Course(
                        delivery: delivery,
                        place: place,
                        due: Instant(milliseconds: row.integer(1)),
                        lease: BootInstant(milliseconds: row.integer(2)),
                        asked: row.integer(3),
                        gateway: row.optionalInteger(4),
                        ends: row.optionalInteger(5).map(Instant.init)
                    )
                }
            }
        )?.flatMap(\.self)
    }

    /// Writes a course in the place of the one before, and wakes carriers for the question that it may offer.
    mutating func save(_ course: Course) throws(SQLiteError) {
        try endCourse(of: course.delivery)
        try connection.run(
            "INSERT INTO timer (due, delivery, lease, step, asked, gateway, ends) VALUES (?, ?, ?, ?, ?, ?, ?)",
            .integer(course.due.milliseconds),
            .id(course.delivery),
            .integer(course.lease.milliseconds),
            .integer(course.place.rawValue),
            .integer(course.asked),
            .optional(course.gateway),
            .optional(course.ends?.milliseconds)
        )
        if course.isAsking { try count(course, 1) }
        guard course.place == .offered, let gateway = course.gateway else { return }
        state.questions[gateway, default: 0] += 1
        wakes.insert(gatewayName(gateway))
    }

    /// Takes the timer of a delivery away, that of an unknown outcome or of a message that waits for its receipt.
    mutating func endCourse(of delivery: DeliveryID) throws(SQLiteError) {
        guard let course = try course(of: delivery) else { return }
        try connection.run("DELETE FROM timer WHERE delivery = ?", .id(delivery))
        if course.isAsking { try count(course, -1) }
        guard course.place == .offered, let gateway = course.gateway else { return }
        let rest = state.questions[gateway, default: 0] - 1
        state.questions[gateway] = rest > 0 ? rest : nil
    }

    private mutating func count(_ course: Course, _ change: Int64) throws(SQLiteError) {
        let place = try connection.first(
            "SELECT tenant, channel FROM delivery WHERE id = ?",
            .id(course.delivery),
            read: { (tenant: $0.integer(0), channel: Channel(rawValue: $0.integer(1))) }
        )
        guard let place, let channel = place.channel else { throw .damage("a timer has no delivery") }
        state.asked.add(change, place.tenant, channel)
    }
}

/// How many deliveries are asked about, by tenant and channel.
struct Asked: Sendable, Equatable {
    private struct Place: Sendable, Hashable {
        var tenant: Int64
        var channel: Channel
    }

    private var numbers: [Place: Int64] = [:]

    mutating func add(_ change: Int64, _ tenant: Int64, _ channel: Channel) {
        let place = Place(tenant: tenant, channel: channel)
        let number = numbers[place, default: 0] + change
        numbers[place] = number == 0 ? nil : number
    }

    /// Of one tenant, or of all together.
    func sum(of tenant: Int64?, _ channel: Channel) -> Int64 {
        numbers.reduce(0) { sum, number in
            number.key.channel == channel && (tenant ?? number.key.tenant) == number.key.tenant
                ? sum + number.value : sum
        }
    }
}

extension WriterState {
    static let asking: StaticString = """
        SELECT delivery.tenant, delivery.channel, step, timer.gateway, count(*)
        FROM timer INDEXED BY timer_asking CROSS JOIN delivery ON delivery.id = timer.delivery
        WHERE step > 0 GROUP BY 1, 2, 3, 4
        """

    /// Counts what is asked about, along an index that holds nothing else.
    mutating func loadQuestions(from connection: inout Connection) throws(SQLiteError) {
        var (asked, questions) = (Asked(), [Int64: Int64]())
        try connection.forEach(WriterState.asking, []) { row in
            if let channel = Channel(rawValue: row.integer(1)) { asked.add(row.integer(4), row.integer(0), channel) }
            if row.integer(2) == Course.Place.offered.rawValue {
                questions[row.integer(3), default: 0] += row.integer(4)
            }
            return true
        }
        (self.asked, self.questions) = (asked, questions)
    }
}
