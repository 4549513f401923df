import AuthEvents
import Clocks
import Deliveries
import TOML

extension GatewaySettings {
    /// Reads what is done about unknown outcomes at the gateway, and how it is asked.
    mutating func readUnknown(_ entry: SettingsSection) throws(SettingsError) {
        if canBeAsked { terms.asking = try AskingTerms(entry) }
        let node = try entry.node("unknown")
        switch node?.value {
        case .string, .array:
            let policy = try entry.unknownPolicy("unknown")
            try policy.map { policy throws(SettingsError) in try refuseImpossible(policy, entry, "unknown") }
            for purpose in Purpose.allCases { terms.unknown[purpose] = policy }
        case nil, .table: try readUnknownByPurpose(entry, isTable: node != nil)
        default: throw entry.error("unknown", UnknownPolicy.Fault.unknownWord.reason)
        }
    }

    private mutating func readUnknownByPurpose(_ entry: SettingsSection, isTable: Bool) throws(SettingsError) {
        let section = try entry.section("unknown")
        // Where a variable holds a table, the file has none.
        guard !isTable || !section.names.isEmpty else {
            throw entry.error("unknown", "must be a word, a list of words, or a table of them by purpose and default")
        }
        let standard = try section.unknownPolicy("default")
        try standard.map { policy throws(SettingsError) in try refuseImpossible(policy, section, "default") }
        for purpose in Purpose.allCases {
            let own = try section.unknownPolicy(purpose.name)
            try own.map { policy throws(SettingsError) in try refuseImpossible(policy, section, purpose.name) }
            terms.unknown[purpose] = own ?? standard
        }
        try section.refuseUnknown()
    }

    /// Refuses steps that the gateway does not have.
    private func refuseImpossible(
        _ policy: UnknownPolicy,
        _ section: SettingsSection,
        _ key: String
    ) throws(SettingsError) {
        for step in policy.steps where !has(step) {
            let reason =
                switch step {
                case .awaitReceipt where terms.receiptTimeout == nil:
                    "has await_receipt, and the gateway sends no receipts; leave the word out, or describe them in receipts"
                case .awaitReceipt:
                    "has await_receipt, and receipt_wait is 0s; set server.public_url, which receipts come to, or receipt_wait"
                case .askGateway where http != nil:
                    "has ask_gateway, and nothing says how the gateway is asked; leave the word out, or say it in ask"
                case .askGateway:
                    "has ask_gateway, and a gateway of kind \(terms.kind) cannot be asked; leave the word out"
                }
            throw section.error(key, reason)
        }
    }

    func has(_ step: UnknownPolicy.Step) -> Bool {
        switch step {
        case .awaitReceipt: terms.receiptTimeout != nil && terms.receiptWait > .zero
        case .askGateway: canBeAsked
        }
    }
}

extension AskingTerms {
    init(_ entry: SettingsSection) throws(SettingsError) {
        let standard = AskingTerms()
        let first = try entry.duration(
            "ask_pause",
            default: standard.pause.initial,
            in: .seconds(1)...(.seconds(3600))
        )
        let most = try entry.duration("ask_pause_most", in: first...(.seconds(86_400)))
        let longest = try entry.duration(
            "ask_for",
            default: standard.longest,
            in: .seconds(60)...(.seconds(7 * 86_400))
        )
        guard longest > first else {
            throw entry.error("ask_for", "must be longer than ask_pause, or nobody would be asked")
        }
        self.init(
            pause: Backoff(initial: first, ceiling: most ?? max(first, standard.pause.ceiling)),
            most: try entry.integer("ask_most", default: standard.most, in: 1...50),
            longest: longest
        )
    }
}

extension SettingsSection {
    /// One word, or a list of words.
    func unknownPolicy(_ key: String) throws(SettingsError) -> UnknownPolicy? {
        guard let node = try node(key) else { return nil }
        let words: [String]
        switch node.value {
        case .string(let word): words = [word]
        case .array: words = try strings(key) ?? []
        default: throw error(key, UnknownPolicy.Fault.unknownWord.reason)
        }
        do throws(UnknownPolicy.Fault) {
            return try UnknownPolicy(words: words)
        } catch {
            throw self.error(key, error.reason)
        }
    }
}
