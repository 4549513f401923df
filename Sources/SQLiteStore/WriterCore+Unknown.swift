import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store

extension WriterCore {
    /// Begins the course of an outcome that nobody knows: nothing of it happens before the lease of the attempt is over.
    mutating func becomeUnknown(_ row: HotRow) throws(SQLiteError) {
        // Its person was erased while it was handed over: nobody can be asked, and nothing is sent again.
        if try isErased(row.id) { return try retire(row.because(.erased), to: .dead, reason: .cancelled) }
        let terms = routing.terms(of: gatewayName(row.gateway))
        let policy = unknownPolicy(row.channel, try purpose(of: row.id), terms)
        var course = Course(delivery: row.id, place: .waiting, due: now, lease: row.lease)
        take(policy.first(from: now + max(row.lease - boot, .zero), at: terms), at: row.gateway, in: &course)
        try save(course)
        try retire(row, to: .unknown)
    }

    private mutating func isErased(_ delivery: DeliveryID) throws(SQLiteError) -> Bool {
        try connection.first(
            "SELECT 1 FROM delivery JOIN event ON event.id = delivery.event WHERE delivery.id = ? AND event.seal_key = ''",
            .id(delivery),
            read: { _ in true }
        ) ?? false
    }

    /// What is done about unknown outcomes; at a gateway that the settings no longer have, what is usual.
    func unknownPolicy(_ channel: Channel, _ purpose: Purpose, _ terms: GatewayTerms?) -> UnknownPolicy {
        terms?.unknownPolicy(for: purpose) ?? .standard(for: channel, purpose: purpose)
    }

    /// Brings a course to where a move leads that is no end.
    private func take(_ move: UnknownMove, at gateway: Int64, in course: inout Course) {
        switch move {
        case .wait(let until):
            (course.place, course.due, course.gateway, course.ends) = (.waiting, until, nil, nil)
        case .ask(let due, let ends):
            (course.place, course.due, course.gateway, course.ends) = (.pausing, due, gateway, ends)
        case .end: break
        }
    }

    /// One slice of the timers that are over.
    mutating func sweepTimers() throws(SQLiteError) -> Bool {
        let timers = try connection.all(
            WriterCore.overTimers,
            .integer(now.milliseconds),
            .integer(boot.milliseconds),
            .integer(sliceSize),
            read: { (id: DeliveryID(bytes: $0.blob(0)), state: $0.integer(1)) }
        )
        for timer in timers {
            guard let id = timer.id else { continue }
            if timer.state == DeliveryState.accepted.rawValue {
                try endWaitForReceipt(of: id)
            } else if timer.state == DeliveryState.unknown.rawValue, let course = try course(of: id) {
                try goOn(course)
            }
        }
        return timers.count == Int(sliceSize)
    }

    /// The next step of a course whose place is over.
    private mutating func goOn(_ course: Course) throws(SQLiteError) {
        let standing = try standing(of: course.delivery)
        let terms = routing.terms(of: gatewayName(standing.gateway))
        let policy = unknownPolicy(standing.channel, try purpose(of: course.delivery), terms)
        // A question that is due is put while asking has not ended.
        if course.place == .pausing, policy.steps.contains(.askGateway), let ends = course.ends, now < ends {
            var offered = course
            (offered.place, offered.due, offered.lease) = (.offered, ends, BootInstant(milliseconds: 0))
            return try save(offered)
        }
        // One that no carrier took until asking ended.
        try goOn(course, standing, policy, terms)
    }

    /// `pause`: What the carrier asked for before the next question.
    private mutating func goOn(
        _ course: Course,
        _ standing: ReceivingDelivery,
        _ policy: UnknownPolicy,
        _ terms: GatewayTerms?,
        pause: Duration? = nil
    ) throws(SQLiteError) {
        let place: UnknownStanding =
            course.isAsking ? .asking(asked: course.asked, ends: course.ends ?? now) : .waiting
        let move = policy.next(after: place, now: now, at: terms, pause: pause)
        if case .end(let end) = move { return try conclude(course.delivery, end) }
        var next = course
        next.lease = BootInstant(milliseconds: 0)
        take(move, at: standing.gateway, in: &next)
        try save(next)
        try noteStep(next)
    }

    /// Puts the next question after one that told nothing, or ends asking.
    mutating func askLater(_ course: Course, pause: Duration? = nil) throws(SQLiteError) {
        let standing = try standing(of: course.delivery)
        let terms = routing.terms(of: gatewayName(standing.gateway))
        let policy = unknownPolicy(standing.channel, try purpose(of: course.delivery), terms)
        try goOn(course, standing, policy, terms, pause: pause)
    }

    /// Nobody has said what became of it: it is sent again, or given up.
    private mutating func conclude(_ id: DeliveryID, _ end: UnknownPolicy.End) throws(SQLiteError) {
        let fence = try connection.first(
            "SELECT fence FROM delivery WHERE id = ?",
            .id(id),
            read: { $0.integer(0) }
        )
        let row = try revive(id, fence: fence ?? 0)
        let policy = policy(row.channel, try purpose(of: id))
        switch policy.sequel(to: end, counted: row.counted, sendBefore: row.sendBefore, now: now) {
        case .again(let due): try sendAgain(row, due: due)
        case .dead(let reason): try retire(row, to: .dead, reason: reason)
        case .accepted, .unknown: throw .damage("an unknown outcome ends with another attempt or with none")
        }
    }
}
