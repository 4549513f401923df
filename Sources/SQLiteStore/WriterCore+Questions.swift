import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store

/// The attempt that the newest question was for, as its row says.
struct Question {
    var delivery: DeliveryID
    var number: Int64
    /// Of the attempt.
    var fence: Int64
    var reference: String?
    var outcome: Outcome?
    var isSettled: Bool
    /// What was answered, and whether that decided.
    var answer: (outcome: Outcome, isApplied: Bool)?
}

// MARK: Claiming

extension WriterCore {
    /// A claim for fewer than this gets a question only each time that so many have come.
    private static let claimsPerQuestion: Int64 = 4

    /// See ``DeliveryQueue/questions(_:isShare:)``.
    mutating func questions(_ request: ClaimRequest, isShare: Bool) throws(SQLiteError) -> [ClaimedQuestion] {
        var room = Int64(request.limit)
        if isShare {
            let isTurn = state.questionTurns % WriterCore.claimsPerQuestion == 0
            if room < WriterCore.claimsPerQuestion { state.questionTurns += 1 }
            room = room < WriterCore.claimsPerQuestion ? (isTurn ? 1 : 0) : room / WriterCore.claimsPerQuestion
        }
        var claimed: [ClaimedQuestion] = []
        for name in request.gateways where Int64(claimed.count) < room {
            guard let terms = routing.terms(of: name), let id = state.gatewayNames.ids[name],
                state.questions[id] != nil
            else { continue }
            let ids = try connection.all(
                WriterCore.offered,
                .integer(id),
                .integer(room - Int64(claimed.count)),
                read: { DeliveryID(bytes: $0.blob(0)) }
            )
            for delivery in ids {
                guard let delivery, let course = try course(of: delivery) else { continue }
                claimed.append(try lease(course, terms))
            }
        }
        return claimed
    }

    private mutating func lease(_ offered: Course, _ terms: GatewayTerms) throws(SQLiteError) -> ClaimedQuestion {
        var course = offered
        let fence = try nextFence()
        course.place = .claimed
        course.asked += 1
        course.due = now + terms.sendingLease
        course.lease = boot + terms.sendingLease
        let number = try standing(of: course.delivery).tried
        try connection.run(
            "UPDATE attempt SET question = ?, answer = NULL WHERE delivery = ? AND number = ?",
            .integer(fence),
            .blob(course.delivery.bytes),
            .integer(number)
        )
        let names = state.tenants.names
        let token = CarrierToken(epoch: epoch, delivery: course.delivery, fence: fence)
        let claimed = try connection.first(
            """
            SELECT attempt.id, delivery.purpose, delivery.channel, delivery.tenant, event.id, event.seal_key, event.sealed,
                delivery.previous, attempt.reference
            FROM delivery JOIN event ON event.id = delivery.event
            JOIN attempt ON attempt.delivery = delivery.id AND attempt.number = delivery.tried
            WHERE delivery.id = ?
            """,
            .blob(course.delivery.bytes),
            read: { row -> ClaimedQuestion? in
                guard let attempt = AttemptID(bytes: row.blob(0)), let purpose = Purpose(rawValue: row.integer(1)),
                    let channel = Channel(rawValue: row.integer(2)), let event = EventID(bytes: row.blob(4)),
                    let tenant = names[row.integer(3)].flatMap(TenantName.init)
                else { return nil }
                return ClaimedQuestion(
                    token: token,
                    attempt: attempt,
                    gateway: terms,
                    purpose: purpose,
                    channel: channel,
                    tenant: tenant,
                    event: event,
                    sealed: SealedBytes(key: row.text(5), bytes: row.blob(6)),
                    isPrevious: row.integer(7) != 0,
                    gatewayReference: row.optionalText(8)
                )
            }
        )
        guard let claimed = claimed?.flatMap(\.self) else { throw .damage("an unknown delivery has no attempt") }
        try save(course)
        return claimed
    }

    /// Offers a question anew whose answer could not be written to its carrier: it was not put.
    mutating func freeQuestion(_ token: CarrierToken) throws(SQLiteError) {
        guard let question = try question(of: token), var course = try claimedCourse(of: question) else { return }
        (course.place, course.due, course.lease) = (.offered, course.ends ?? now, BootInstant(milliseconds: 0))
        course.asked -= 1
        try save(course)
    }
}

// MARK: Answers

extension WriterCore {
    /// The attempt that a token's question is for, if it is the newest.
    mutating func question(of token: CarrierToken) throws(SQLiteError) -> Question? {
        try connection.first(
            """
            SELECT number, fence, reference, outcome, applied, answer FROM attempt WHERE delivery = ? AND question = ?
            """,
            .blob(token.delivery.bytes),
            .integer(token.fence),
            read: { row in
                Question(
                    delivery: token.delivery,
                    number: row.integer(0),
                    fence: row.integer(1),
                    reference: row.optionalText(2),
                    outcome: row.optionalInteger(3).flatMap(Outcome.init(rawValue:)),
                    isSettled: row.integer(4) > 0,
                    answer: row.optionalInteger(5).flatMap { answer in
                        Outcome(rawValue: abs(answer)).map { ($0, answer > 0) }
                    }
                )
            }
        )
    }

    /// The course, where a carrier has its newest question.
    private mutating func claimedCourse(of question: Question) throws(SQLiteError) -> Course? {
        guard try unknownDelivery(question.delivery) == question.number,
            let course = try course(of: question.delivery), course.place == .claimed
        else { return nil }
        return course
    }

    /// Books the answer to a question.
    ///
    /// One that says what became of the attempt counts as the attempt's own late outcome.
    mutating func settle(_ settlement: Settlement, of question: Question) throws(SQLiteError) -> SettleResult {
        var answer = settlement
        // Who did not reach the gateway has not asked it.
        if answer.outcome == .retry, answer.code == Outcome.unreachableCode { answer.outcome = .released }
        if let known = question.answer, known.outcome == answer.outcome {
            return known.isApplied ? .applied : .recorded
        }
        answer.token.fence = question.fence
        answer.gatewayReference = answer.gatewayReference ?? question.reference
        switch answer.outcome {
        case .accepted, .retry:
            let result = try settleLate(answer)
            // What was said first stands.
            if question.answer?.outcome.saysWhatBecame != true { try note(answer.outcome, result, of: question) }
            return result
        case .refused: return try settleRefusal(answer, of: question)
        case .unknown, .throttled, .released:
            guard var course = try claimedCourse(of: question) else { return .recorded }
            if answer.outcome != .unknown { course.asked -= 1 }
            try note(answer.outcome, .applied, of: question)
            try askLater(course, pause: answer.retryAfter)
            return .applied
        }
    }

    /// The gateway has the message and will not deliver it: it may bill it, so what is committed stays.
    private mutating func settleRefusal(
        _ answer: Settlement,
        of question: Question
    ) throws(SQLiteError) -> SettleResult {
        let receipts = try receipts(of: question.delivery, attempt: question.number)
        if let bill = answer.price, receipts.allSatisfy({ $0.price == nil }) {
            try price(bill, attempt: question.number, of: question.delivery)
        }
        let unknown = try unknownDelivery(question.delivery)
        let isKnown = question.isSettled && question.outcome != .unknown
        guard receipts.isEmpty, unknown == question.number else {
            if receipts.isEmpty, !isKnown {
                try note(.refused, .recorded, of: question)
                try record(answer, number: question.number, isApplied: false)
            }
            return .recorded
        }
        try note(.refused, .applied, of: question)
        try record(answer, number: question.number, isApplied: true)
        let row = try revive(question.delivery, fence: question.fence)
        try observe(.refused, code: answer.code, at: row.gateway)
        try retire(row, to: .dead, reason: .refused)
        return .applied
    }

    private mutating func note(
        _ answer: Outcome,
        _ result: SettleResult,
        of question: Question
    ) throws(SQLiteError) {
        try connection.run(
            "UPDATE attempt SET answer = ? WHERE delivery = ? AND number = ?",
            .integer(result == .applied ? answer.rawValue : -answer.rawValue),
            .blob(question.delivery.bytes),
            .integer(question.number)
        )
        try noteAnswer(answer, of: question.delivery)
    }
}

extension Outcome {
    /// Whether an answer of it tells what became of the attempt.
    fileprivate var saysWhatBecame: Bool {
        switch self {
        case .accepted, .refused, .retry: true
        case .unknown, .throttled, .released: false
        }
    }
}
