import AuthEvents
import Clocks
import Deliveries
import Spend
import Store
import TestSupport
import Testing

/// The hands of who watches the money.
extension Scene {
    /// Two gateways for SMS, tried in this order.
    static let twoGateways = RoutingTable(
        gateways: StoreBehaviour.routing.gateways + [StoreBehaviour.sms("sms-backup")]
    )
    static let bothSMS = ["sms-main", "sms-backup"]

    /// An SMS that `sms-main` takes for one price and `sms-backup` for another.
    func sms(_ person: String, _ main: Money = .cents(1), backup: Money? = nil, _ purpose: Purpose = .recovery)
        -> Letter
    {
        Letter(to: person, purpose, by: .sms).with { letter in
            letter.prices = [Letter.Price("sms-main", main)] + (backup.map { [Letter.Price("sms-backup", $0)] } ?? [])
        }
    }

    /// Starts the server anew with these budgets.
    func open(_ budgets: [Budget], _ change: (inout StoreSettings) -> Void = { _ in }) async throws {
        var settings = lab.settings
        settings.budgets = budgets
        change(&settings)
        try await lab.reopen(with: settings)
    }

    func quote(_ amount: Money) -> AttemptQuote {
        AttemptQuote(segments: 1, encoding: .gsm7, amount: amount, priceVersion: "prices-2")
    }

    func begin(_ claimed: ClaimedDelivery, for amount: Money) async throws -> BeginResult {
        let item = BeginItem(token: claimed.token, spend: .quote(quote(amount)))
        return try #require(try await store.begin([item]).first)
    }

    /// Claims one and begins it.
    func beginOne(at gateways: [String] = Scene.sms, for amount: Money) async throws -> ClaimedDelivery {
        let claimed = try await claimOne(at: gateways)
        try #require(try await begin(claimed, for: amount) == .go)
        return claimed
    }

    @discardableResult
    func settle(_ claimed: ClaimedDelivery, _ outcome: Outcome, price: Money) async throws -> SettleResult {
        let settlement = Settlement(token: claimed.token, outcome: outcome, price: price)
        return try #require(try await store.settle([settlement]).first)
    }

    /// What an SMS that is accepted must be answered, or why it is not accepted.
    func refusal(of letter: Letter) async throws -> LegRefusal {
        let answer = try await store.accept(stationery.submission(letter, at: time.now()))
        guard case .refused(let refusal, _) = answer else { throw Surprise("the letter was answered \(answer)") }
        return refusal
    }

    /// All entries, taken page by page; of those before a restore and after it the former first.
    func entries(of tenant: TenantName? = nil) async throws -> [LedgerEntry] {
        var entries: [LedgerEntry] = []
        var filter = LedgerFilter(tenant: tenant, limit: 500)
        while true {
            let page = try await store.ledger(filter)
            entries += page
            guard let last = page.last, page.count == filter.limit else { break }
            filter.after = (last.writer, last.sequence)
        }
        let segments = Dictionary(grouping: entries, by: \.writer).values
        return segments.sorted { ($0.first?.at ?? .distantPast) < ($1.first?.at ?? .distantPast) }.flatMap(\.self)
    }

    /// The entries of a delivery as one says them: `committed 1 0.02`, with the attempt where there is one.
    func story(_ id: DeliveryID) async throws -> [String] {
        try await entries().filter { $0.delivery == id }.map { entry in
            let words = [entry.kind.rawValue, entry.attempt.map { "\($0)" }, entry.amount.amount]
            return words.compactMap(\.self).joined(separator: " ")
        }
    }

    /// What is used of a budget in cents, all of its keys together.
    func used(_ name: String = "all") async throws -> Int64 {
        try await store.budgets(of: nil).filter { $0.budget.name == name }.reduce(0) { $0 + $1.used.micros } / 10_000
    }

    /// Looks whether every entry was possible, whether the chain is whole, and whether the budgets count what it says.
    func booksBalance() async throws {
        let entries = try await entries()
        var books = LedgerBooks()
        for entry in entries {
            do { try books.post(entry) } catch { Issue.record(error) }
        }
        let audit = try await store.auditLedger()
        #expect(audit.faults.isEmpty && audit.entries == entries.count)
        let replay = LedgerReplay(entries)
        for period in Budget.Period.allCases { #expect(books.totals(by: period) == replay.totals(by: period)) }
        let standing = try await store.budgets(of: nil)
        for budget in lab.settings.budgets {
            for key in replay.keys(of: budget) {
                let known = standing.first { $0.budget == budget && $0.key == key }
                let use = replay.use(of: budget, key, at: time.now())
                #expect((known?.used.micros ?? 0) == use.total, "\(budget.name) of \(key)")
            }
        }
        try await lab.audit(against: replay)
    }
}
