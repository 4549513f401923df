/// What all connections of a sink share on its thread: the script, and what it has to remember.
final class SinkDesk {
    let store: SinkStore
    let ehlo: String
    private let rules: [SinkRule]
    private var begun = 0
    private var greylisted: Set<String> = []

    init(script: SinkScript, store: SinkStore) {
        self.store = store
        rules = script.rules
        let lines = ["sink"] + script.extensions
        ehlo = lines.enumerated().map { ($0 == lines.count - 1 ? "250 " : "250-") + $1 }.joined(separator: "\r\n")
    }

    /// Counts a mail that begins.
    func begin() -> Int {
        begun += 1
        return begun
    }

    /// The behaviour of the first rule that fits, or nil.
    func behaviour(
        _ step: SinkRule.Step,
        connection: Int,
        _ transaction: SinkTransaction
    ) -> SinkRule.Behaviour? {
        rules.first { rule in
            guard rule.step == step, fits(rule.condition, connection: connection, transaction) else { return false }
            guard case .replyFirst = rule.behaviour else { return true }
            return greylisted.insert(transaction.recipients.last ?? "").inserted
        }?.behaviour
    }

    private func fits(_ condition: SinkRule.Condition, connection: Int, _ transaction: SinkTransaction) -> Bool {
        switch condition {
        case .always: true
        case .recipient(let text): transaction.recipients.contains { $0.contains(text) }
        case .mail(let number): transaction.number == number
        case .connection(let number): connection == number
        }
    }
}
