/// How the sink behaves.
package struct SinkScript: Sendable {
    /// What EHLO announces, one keyword with its parameters each.
    package var extensions: [String]

    /// Looked through in order; the first that fits decides, and without one the sink takes everything.
    package var rules: [SinkRule]

    package init(
        extensions: [String] = ["PIPELINING", "SIZE 10485760", "8BITMIME", "ENHANCEDSTATUSCODES"],
        rules: [SinkRule] = []
    ) {
        self.extensions = extensions
        self.rules = rules
    }
}

/// One departure from taking everything: where, when and how.
package struct SinkRule: Sendable {
    /// The point of a session.
    package enum Step: Sendable {
        case greeting
        case hello
        /// The command AUTH.
        case login
        case sender
        case recipient

        /// The command DATA, before 354.
        case data

        /// The first bytes after 354.
        case content

        /// The final dot. The mail counts as taken unless the behaviour is a refusal.
        case endOfData
    }

    package enum Condition: Sendable {
        case always

        /// A recipient of the mail contains this text.
        case recipient(String)

        /// The mail begun so many-th, counted from 1 at MAIL over all connections.
        case mail(Int)

        /// The connection so many-th, counted from 1.
        case connection(Int)
    }

    package enum Behaviour: Sendable {
        /// Answers this line; 421 also closes.
        case reply(String)

        /// Answers this line the first time for each recipient, as a greylist does.
        case replyFirst(String)

        /// Says nothing more on this connection, and leaves it open.
        case silence
        case close

        /// Answers as it would, so much later.
        case delay(Duration)
    }

    package var step: Step
    package var behaviour: Behaviour
    package var condition: Condition

    package init(_ step: Step, _ behaviour: Behaviour, when condition: Condition = .always) {
        self.step = step
        self.condition = condition
        self.behaviour = behaviour
    }
}
