import Configuration
import Foundation
import JSON

extension Walk {
    /// The budget, the ledger and the report: what was spent, and that nothing else was.
    func money() async throws {
        try await hitBudget()
        try await settle()
        say("\nThe ledger:")
        let text = try await installation.text(url + "/v1/ledger", token: token)
        let entries = try text.split(separator: "\n").map { try JSONValue(parsing: [UInt8]($0.utf8)) }
        let audit = try await post("/v1/ledger/verify", [:]).body
        try expect(
            audit["verified"] == true && audit["entries"] == .integer(Int64(entries.count)),
            "its chain of \(entries.count) entries is whole"
        )
        try await tamper(with: text)
        let sums = Sums(of: entries)
        let taken = texts.messages.count + 1
        try expect(sums.messages == taken, "it holds each of the \(taken) messages that a gateway or the sandbox took")
        try await report(sums)
    }

    private func hitBudget() async throws {
        say("\nThe budget of a country, until it is used up:")
        for number in 1...40 {
            // Another person each time: one alone would meet the limit of a number.
            let phone = JSONValue.string("+4474001235" + (number < 10 ? "0\(number)" : "\(number)"))
            let answer = try await emit("auth.mfa", id: "demo-budget-\(number)", ["phone": phone])
            if answer.status == 202 { continue }
            try expect(
                answer.status == 429 && answer.body.problem == "over-budget"
                    && answer.body["budget"] == .string(DemoSettings.budget),
                "message \(number) is over-budget: \(answer.body["detail"]?.string ?? "")"
            )
            try expect((1...3600).contains(answer.body["retry_after"]?.int ?? 0), "and says when to come again")
            let budgets = try await get("/v1/status").body["budgets"]?.array ?? []
            guard let british = budgets.first(where: { $0["key"] == "GB" }), let used = british.decimal("used"),
                let limit = british.decimal("limit")
            else { throw Disappointment("the status does not show the budget") }
            return try expect(used <= limit, "\(used) USD are used of a limit of \(limit) USD")
        }
        throw Disappointment("the budget was never used up")
    }

    /// Waits until every SMS has ended.
    private func settle() async throws {
        let deadline = ContinuousClock.now + Walk.patience
        while ContinuousClock.now < deadline {
            let items = try await get("/v1/deliveries?channel=sms&limit=1000").body["items"]?.array ?? []
            if items.allSatisfy({ $0["state"] == "accepted" || $0["state"] == "dead" }), !items.isEmpty { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Disappointment("not every SMS has ended")
    }

    /// Changes one amount in a copy of the ledger.
    private func tamper(with text: String) async throws {
        let changed = text.replacing("\"amount\":\"0.0109\"", with: "\"amount\":\"0.0009\"", maxReplacements: 1)
        let path = installation.folder + "/tampered.ndjson"
        try Data(changed.utf8).write(to: URL(filePath: path))
        say("  gatepost ledger verify \(path)")
        let verdict = try await installation.gatepost("ledger", "verify", path)
        try expect(changed != text && verdict.code == 1, "a copy in which one amount was changed is told from it")
    }

    private func report(_ sums: Sums) async throws {
        say("\nThe spend report:")
        let report = try await installation.gatepost("spend", "--by", "country,gateway")
        say(report.text)
        try expect(report.code == 0, "gatepost spend reports")
        let spend = try await get("/v1/spend?from=2000-01-01T00:00:00Z&group_by=country,gateway").body
        let rows = spend["rows"]?.array ?? []
        let totals = spend["totals"]?.array ?? []
        try expect(
            totals.count == 1 && sums == Sums(report: totals),
            "its totals are those of the ledger, folded by hand: \(sums.estimate) USD expected, \(sums.price) USD billed"
        )
        try expect(sums == Sums(report: rows), "and so are the sums of its rows")
    }
}

/// What the ledger or a report comes to, all in one currency.
private struct Sums: Equatable {
    var messages = 0
    var segments = 0
    var estimate = Decimal(0)
    var price = Decimal(0)

    /// Folds entries as the documents say: committed less released with an attempt, and the last bill of each attempt.
    init(of entries: [JSONValue]) {
        var bills: [String: Decimal] = [:]
        for entry in entries {
            guard let attempt = entry["attempt"]?.int, let amount = entry.decimal("amount") else { continue }
            let sign: Int
            switch entry["kind"]?.string {
            case "committed": sign = 1
            case "released": sign = -1
            case "priced":
                bills["\(entry["delivery"]?.string ?? "") \(attempt)"] = amount
                continue
            default: continue
            }
            messages += sign
            segments += sign * Int(entry["segments"]?.int ?? 0)
            estimate += Decimal(sign) * amount
        }
        price = bills.values.reduce(0, +)
    }

    init(report rows: [JSONValue]) {
        for row in rows {
            messages += Int(row["messages"]?.int ?? 0)
            segments += Int(row["segments"]?.int ?? 0)
            estimate += row.decimal("estimate") ?? .nan
            price += row.decimal("price") ?? .nan
        }
    }
}

extension JSONValue {
    /// An amount of money, which stands in a string.
    fileprivate func decimal(_ member: String) -> Decimal? { self[member]?.string.flatMap { Decimal(string: $0) } }
}
