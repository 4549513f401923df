package import Clocks

/// How a gateway is asked what became of an attempt.
package struct AskingTerms: Sendable, Equatable {
    /// The pause before each question: it doubles with every one that told nothing.
    package var pause: Backoff
    /// The most questions for one attempt; those that were never put do not count.
    package var most: Int64
    /// How long asking goes on at most, questions that nobody takes included.
    package var longest: Duration

    package init(
        pause: Backoff = Backoff(initial: .seconds(10), ceiling: .seconds(120)),
        most: Int64 = 5,
        longest: Duration = .seconds(3600)
    ) {
        (self.pause, self.most, self.longest) = (pause, most, longest)
    }
}

/// Where an unknown outcome stands.
package enum UnknownStanding: Sendable, Equatable {
    /// It waits for the end of its attempt's lease, or for a receipt.
    case waiting
    /// So many questions told nothing; asking ends at the latest then.
    case asking(asked: Int64, ends: Instant)
}

/// What comes next for an unknown outcome.
package enum UnknownMove: Sendable, Equatable {
    case wait(until: Instant)
    /// The next question, not before then.
    case ask(at: Instant, ends: Instant)
    case end(UnknownPolicy.End)
}

extension UnknownPolicy {
    /// The first move, made when an outcome becomes unknown.
    ///
    /// `start`: When the lease of the attempt is over: nothing is decided, and nobody asked, before.
    package func first(from start: Instant, at gateway: GatewayTerms?) -> UnknownMove {
        let move = move(along: steps[...], from: start, at: gateway)
        if case .end = move { return .wait(until: start) }
        return move
    }

    /// The move when a wait is over, or a question told nothing.
    ///
    /// | it stands at | more may be asked | else |
    /// |---|---|---|
    /// | waiting | | the step behind `await_receipt`, or the end |
    /// | asking | the next question after its pause, or the pause asked for if longer | the step behind `ask_gateway`, or the end |
    ///
    /// More may be asked while questions are left and the next one would be before the end of asking. Where the settings
    /// have changed meanwhile and a step is no longer among them, what waits begins anew, and asking is at its end.
    package func next(
        after standing: UnknownStanding,
        now: Instant,
        at gateway: GatewayTerms?,
        pause asked: Duration? = nil
    ) -> UnknownMove {
        switch standing {
        case .waiting: return move(along: steps(behind: .awaitReceipt) ?? steps[...], from: now, at: gateway)
        case .asking(let count, let ends):
            guard let rest = steps(behind: .askGateway) else { return .end(end) }
            let terms = gateway?.asking ?? AskingTerms()
            let due = now + max(terms.pause.limit(afterFailure: count + 1), asked ?? .zero)
            guard count < terms.most, due < ends else { return move(along: rest, from: now, at: gateway) }
            return .ask(at: due, ends: ends)
        }
    }

    /// The word behind a step, as things stand; a wait that would be none is passed over.
    package func word(behind step: Step, at gateway: GatewayTerms?) -> String {
        let rest = steps(behind: step) ?? (step == .awaitReceipt ? steps[...] : [])
        let next = rest.first { $0 != .awaitReceipt || gateway?.receiptWait ?? .zero > .zero }
        return next?.rawValue ?? end.rawValue
    }

    private func steps(behind step: Step) -> ArraySlice<Step>? {
        steps.firstIndex(of: step).map { steps[($0 + 1)...] }
    }

    private func move(along rest: ArraySlice<Step>, from start: Instant, at gateway: GatewayTerms?) -> UnknownMove {
        for step in rest {
            switch step {
            case .awaitReceipt:
                let wait = gateway?.receiptWait ?? .zero
                if wait > .zero { return .wait(until: start + wait) }
            case .askGateway:
                let terms = gateway?.asking ?? AskingTerms()
                return .ask(at: start + terms.pause.limit(afterFailure: 1), ends: start + terms.longest)
            }
        }
        return .end(end)
    }
}

extension SendingPolicy {
    /// What the end of a course leads to: an attempt needs time, and must not be one too many.
    package func sequel(
        to end: UnknownPolicy.End,
        counted: Int64,
        sendBefore: Instant,
        now: Instant
    ) -> Sequel {
        isPossible(end, counted: counted, sendBefore: sendBefore, now: now) && end == .sendAgain
            ? .again(due: now) : .dead(.gaveUp)
    }

    /// Whether a course can end so; without time or an attempt left it ends by giving up.
    package func isPossible(_ end: UnknownPolicy.End, counted: Int64, sendBefore: Instant, now: Instant) -> Bool {
        end == .giveUp || counted < attempts && now < sendBefore
    }
}
