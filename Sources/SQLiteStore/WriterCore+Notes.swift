import AuthEvents
import Clocks
import Deliveries
import SQLite
import Spend
import Store

extension HotRow {
    /// What of a row tells, beside what it is now, what has become of it.
    struct Former {
        var state: DeliveryState
        var reason: Reason?
        var gateway: Int64
        var tried: Int64
        var crashes: Int64
        var attempt: AttemptID?
        var carrier: String?

        init(_ row: HotRow) {
            (state, reason, gateway, tried) = (row.state, row.reason, row.gateway, row.tried)
            (crashes, attempt, carrier) = (row.crashes, row.attempt, row.carrier)
        }
    }

    /// What is behind a change.
    enum Because {
        case cause(DeliveryNote.Cause)
        case budget(BudgetJudgement)
    }

    func because(_ cause: DeliveryNote.Cause) -> HotRow {
        var row = self
        row.because = .cause(cause)
        return row
    }

    func because(_ budget: BudgetJudgement) -> HotRow {
        var row = self
        row.because = .budget(budget)
        return row
    }

    func because(_ obstacle: Obstacle) -> HotRow {
        guard case .budget(let budget) = obstacle.judgement else { return self }
        return because(budget)
    }

    /// Where it was; an attempt that was made since has begun.
    fileprivate var formerState: DeliveryState {
        guard let former else { return .unknown }
        return tried > former.tried ? .sending : former.state
    }
}

// The way of most messages, ready, leased, sending and accepted, leaves no note: its rows tell it.
extension WriterCore {
    /// Takes note of a change of what still moves, where it is none that the attempts tell.
    mutating func noteMove(of row: HotRow) throws(SQLiteError) {
        let from = row.formerState
        guard row.state == .ready || row.state == .parked else { return }
        if let former = row.former, from == row.state, former.reason == row.reason, former.gateway == row.gateway {
            return
        }
        var note = note(of: row, from: from, to: row.state)
        note.reason = row.reason
        note.isTrial = row.isTrial
        if row.due > now { note.due = row.due }
        if let former = row.former, former.gateway != row.gateway {
            note.formerGateway = gatewayName(former.gateway)
            note.obstacle = obstacle(at: gatewayName(former.gateway))
        }
        if row.reason == .held, let stop = latestStop, stop.delivery == row.id {
            note.stop = DeliveryNote.Stop(scope: stop.hold.scope, reason: stop.hold.reason, until: stop.hold.until)
        }
        try insert(note, of: row.id)
    }

    /// Takes note of an end, where its reason and the attempts do not tell all of it.
    mutating func noteEnd(of row: HotRow, as end: DeliveryState, _ reason: Reason?) throws(SQLiteError) {
        let from = row.formerState
        guard row.because != nil || from == .leased || end == .unknown else { return }
        var note = note(of: row, from: from, to: end)
        note.reason = reason
        if end == .unknown {
            if let course = try course(of: row.id) { try tell(course, in: &note) }
            if try !isReported(row) { note.cause = .silence }
        }
        try insert(note, of: row.id)
    }

    /// Takes note of how an unknown outcome goes on.
    mutating func noteStep(_ course: Course) throws(SQLiteError) {
        var note = DeliveryNote(at: now, from: .unknown, to: .unknown)
        try tell(course, in: &note)
        try insert(note, of: course.delivery)
    }

    /// Takes note of what the gateway of an unknown outcome said.
    mutating func noteAnswer(_ answer: Outcome, of delivery: DeliveryID) throws(SQLiteError) {
        var note = DeliveryNote(at: now, from: .unknown, to: .unknown)
        note.gateway = gatewayName(try standing(of: delivery).gateway)
        note.answer = answer
        try insert(note, of: delivery)
    }

    private mutating func tell(_ course: Course, in note: inout DeliveryNote) throws(SQLiteError) {
        let standing = try standing(of: course.delivery)
        let terms = routing.terms(of: gatewayName(standing.gateway))
        let policy = unknownPolicy(standing.channel, try purpose(of: course.delivery), terms)
        let step: UnknownPolicy.Step = course.isAsking ? .askGateway : .awaitReceipt
        (note.gateway, note.due) = (gatewayName(standing.gateway), course.due)
        (note.step, note.sequel) = (step, policy.word(behind: step, at: terms))
    }

    private func note(of row: HotRow, from: DeliveryState, to: DeliveryState) -> DeliveryNote {
        var note = DeliveryNote(at: now, from: from, to: to)
        note.gateway = gatewayName(row.gateway)
        if from == .leased, let former = row.former {
            (note.carrier, note.claimedAt) = (former.carrier, former.attempt?.createdAt)
            if row.crashes > former.crashes { note.deaths = row.crashes }
        }
        switch row.because {
        case .cause(let cause): note.cause = cause
        case .budget(let budget): note.budget = budget
        case nil: break
        }
        return note
    }

    private mutating func isReported(_ row: HotRow) throws(SQLiteError) -> Bool {
        try connection.first(
            "SELECT applied FROM attempt WHERE delivery = ? AND number = ?",
            .blob(row.id.bytes),
            .integer(row.tried),
            read: { $0.integer(0) > 0 }
        ) ?? false
    }

    /// Of many notes the first half of the bound and the last are kept: how it began and how it went on.
    private mutating func insert(_ note: DeliveryNote, of delivery: DeliveryID) throws(SQLiteError) {
        let number = try connection.all(
            """
            INSERT INTO note (delivery, number, at, facts)
            SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3 FROM note WHERE delivery = ?1 RETURNING number
            """,
            .blob(delivery.bytes),
            .integer(note.at.milliseconds),
            .text(note.text),
            read: { $0.integer(0) }
        ).first
        guard let number, number > stories.notes else { return }
        try connection.run(
            "DELETE FROM note WHERE delivery = ? AND number = ?",
            .blob(delivery.bytes),
            .integer(number - (stories.notes - stories.notes / 2))
        )
    }
}
