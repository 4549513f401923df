package import AuthEvents

/// What is done about an outcome that nobody knows: steps, in order, and how it ends.
///
/// It begins when the lease of the attempt is over. A late report of the carrier, a receipt, the answer to a question and
/// a verification end it at any step.
package struct UnknownPolicy: Sendable, Equatable {
    package enum Step: String, Sendable, CaseIterable {
        /// Waits for the gateway's receipt.
        case awaitReceipt = "await_receipt"
        /// Has a carrier ask the gateway what became of the attempt, some times.
        case askGateway = "ask_gateway"
    }

    package enum End: String, Sendable, CaseIterable {
        /// Sends it once more, as a further attempt: the person may get it twice, and an SMS may cost twice.
        case sendAgain = "send_again"
        /// Lets it rest: the person may get nothing.
        case giveUp = "give_up"
    }

    /// Each once, in the order in which they are taken.
    package var steps: [Step]
    package var end: End

    package init(steps: [Step] = [], end: End) {
        (self.steps, self.end) = (steps, end)
    }

    /// A mail twice is better than never; a second SMS costs money and trust; nobody waits for a notice.
    package static func standard(for channel: Channel, purpose: Purpose) -> UnknownPolicy {
        switch (purpose, channel) {
        case (.notice, _): UnknownPolicy(end: .giveUp)
        case (_, .email): UnknownPolicy(steps: [.awaitReceipt], end: .sendAgain)
        case (_, .sms): UnknownPolicy(steps: [.awaitReceipt], end: .giveUp)
        }
    }
}

// MARK: Words

extension UnknownPolicy {
    /// What is wrong with a list of words.
    package enum Fault: Error, Equatable {
        case unknownWord
        case repeated(String)
        case noEnd
        case behindEnd(String)

        /// What is allowed instead.
        package var reason: String {
            switch self {
            case .unknownWord: "must be one of await_receipt, ask_gateway, send_again and give_up, or a list of them"
            case .repeated(let word): "has \(word) twice; each word stands once"
            case .noEnd: "must end with send_again or give_up: what is done when nobody has said what became of it"
            case .behindEnd(let word):
                "has words behind \(word), which is the end; of send_again and give_up one stands, as the last word"
            }
        }
    }

    package init(words: [String]) throws(Fault) {
        steps = []
        var end: End?
        for word in words {
            if let end { throw .behindEnd(end.rawValue) }
            if let step = Step(rawValue: word) {
                guard !steps.contains(step) else { throw .repeated(word) }
                steps.append(step)
            } else if let last = End(rawValue: word) {
                end = last
            } else {
                throw .unknownWord
            }
        }
        guard let end else { throw .noEnd }
        self.end = end
    }
}
