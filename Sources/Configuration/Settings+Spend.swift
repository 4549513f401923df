private import AuthEvents
package import Clocks
package import Deliveries
import Foundation
import PhoneNumbers
package import Spend

extension Settings {
    /// Where price tables lie, and what the unpriced costs.
    package struct Prices: Sendable {
        /// Paths and patterns with `*` in their last part, as they stand in the settings.
        package var files: [String]
        package var unpriced: Money?
        /// The folder that relative paths start from.
        var base: String

        init(_ section: SettingsSection, base: String) throws(SettingsError) {
            self.base = base
            files = try section.strings("files", default: ["prices/*.csv"])
            unpriced = try section.money("unpriced")
            if let unpriced, unpriced.micros > UnitPrice.limit {
                throw section.error("unpriced", "must be at most \(Money.text(micros: UnitPrice.limit))")
            }
            try section.refuseUnknown()
        }
    }

    static func policy(_ section: SettingsSection) throws(SettingsError) -> DestinationPolicy {
        let standard = DestinationPolicy()
        let countries = try section.strings("allow", default: [])
        for country in countries where !isRegion(country) {
            throw section.error("allow", "\(country.debugDescription) is no ISO 3166 code such as US")
        }
        let types = try section.strings("number_types")?.map(PhoneNumberKind.init(rawValue:))
        if let types, types.contains(nil) || types.isEmpty {
            let known = PhoneNumberKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw section.error("number_types", "must be a list of \(known)")
        }
        let ceiling = try section.money("price_ceiling")
        try section.refuseUnknown()
        return DestinationPolicy(
            countries: Set(countries),
            numberTypes: types.map { Set($0.compactMap(\.self)) } ?? standard.numberTypes,
            priceCeiling: ceiling
        )
    }

    /// The budgets, and the line of each limit by its key.
    static func budgets(_ root: SettingsSection) throws(SettingsError) -> ([Budget], [String: Int]) {
        var budgets: [Budget] = []
        var lines: [String: Int] = [:]
        for entry in try root.entries("budgets") ?? [] {
            let name = try entry.required("name", "the budget's name")
            guard (1...64).contains(name.utf8.count), !budgets.contains(where: { $0.name == name }) else {
                throw entry.error("name", "must have 1 to 64 bytes and stand once")
            }
            let scopes = Budget.Scope.allCases.map(\.rawValue).joined(separator: ", ")
            guard let scope = Budget.Scope(rawValue: try entry.required("scope", scopes)) else {
                throw entry.error("scope", "must be one of \(scopes)")
            }
            let periods = Budget.Period.allCases.map(\.rawValue).joined(separator: ", ")
            guard let period = Budget.Period(rawValue: try entry.required("period", periods)) else {
                throw entry.error("period", "must be one of \(periods)")
            }
            guard let limit = try entry.money("limit") else {
                throw entry.error("limit", "is required: an amount such as \"50.00 USD\"")
            }
            let alerts = try entry.integers("alerts", default: [50, 80, 100], in: 1...100)
            budgets.append(Budget(name: name, scope: scope, period: period, limit: limit, alerts: alerts))
            lines["budgets.\(name).limit"] = entry.error("limit", "").line
            try entry.refuseUnknown()
        }
        return (budgets, lines)
    }

    /// Reads the price tables, and says where SMS may go and what they cost there.
    ///
    /// Refused are tables with faults, and prices that a budget or the ceiling cannot count.
    ///
    /// `warn`: Gets a sentence about each row that can apply to no gateway.
    package func destinations(
        at now: Instant,
        warn: (String) -> Void = { _ in }
    ) throws(SettingsError) -> Destinations {
        var problems: [PriceFileError.Problem] = []
        var rows: [PriceRow] = []
        for path in try priceFiles() {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw SettingsError(file: path, line: nil, key: nil, reason: "the price table cannot be read")
            }
            guard let text = String(validating: data, as: UTF8.self) else {
                throw SettingsError(file: path, line: nil, key: nil, reason: "the price table is not UTF-8")
            }
            do throws(PriceFileError) {
                rows += try readPriceFile(text, file: path)
            } catch {
                problems += error.problems
            }
        }
        for row in rows {
            var reason: String?
            if let country = row.country, !isRegion(country) { reason = "\(country) is no ISO 3166 code such as US" }
            if !isKnown(row.currency) { reason = "\(row.currency) is no ISO 4217 code such as USD" }
            guard let reason else { continue }
            problems.append(PriceFileError.Problem(file: row.file, line: row.line, reason: reason))
        }
        if let error = PriceFileError(problems) { throw SettingsError(error) }
        do throws(PriceFileError) {
            try checkPrices(rows)
        } catch {
            throw SettingsError(error)
        }
        warnAboutGateways(of: rows, warn)
        let table = PriceTable(rows: rows, unpriced: prices.unpriced)
        try checkCurrencies(of: table, at: now)
        return Destinations(policy: destinationPolicy, routing: routing, prices: table)
    }

    /// The price tables' paths, in order, each once.
    private func priceFiles() throws(SettingsError) -> [String] {
        var paths: [String] = []
        for pattern in prices.files {
            let path = resolved(pattern, prices.base)
            let last = path.split(separator: "/").last.map(String.init) ?? ""
            guard last.contains("*") else {
                paths.append(path)
                continue
            }
            let folder = directory(of: path)
            // No folder is no table: a new installation without prices refuses numbers, and says so.
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            paths += names.filter { matches($0, last) }.sorted().map { folder + "/" + $0 }
        }
        return paths.reduce(into: []) { unique, path in if !unique.contains(path) { unique.append(path) } }
    }

    private func matches(_ name: String, _ pattern: String) -> Bool {
        guard !name.hasPrefix(".") else { return false }
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let first = parts.first, let last = parts.last, name.count >= first.count + last.count,
            name.hasPrefix(first), name.hasSuffix(last)
        else { return false }
        var rest = name.dropFirst(first.count).dropLast(last.count)[...]
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }

    private func warnAboutGateways(of rows: [PriceRow], _ warn: (String) -> Void) {
        let known = Set(gateways.flatMap { [$0.terms.name, $0.terms.kind] } + ["http", "sandbox", "twilio"])
        var told: Set<String> = []
        for row in rows where !row.gateway.isEmpty && !known.contains(row.gateway) {
            guard told.insert(row.gateway).inserted else { continue }
            warn("\(row.place): the prices of \(row.gateway) apply to nothing: no gateway has this name or kind.")
        }
    }

    private func checkCurrencies(of table: PriceTable, at now: Instant) throws(SettingsError) {
        let senders = gateways.filter { $0.terms.channel == .sms }.map { (name: $0.terms.name, kind: $0.terms.kind) }
        let currencies = table.currencies(ofGateways: senders, from: now)
        let limits =
            budgets.map { ("budgets.\($0.name).limit", $0.limit) }
            + (destinationPolicy.priceCeiling.map { [("countries.price_ceiling", $0)] } ?? [])
        for (key, limit) in limits {
            guard let other = currencies.first(where: { $0.currency != limit.currency }) else { continue }
            throw SettingsError(
                file: file,
                line: limitLines[key],
                key: key,
                reason: "counts \(limit.currency), but \(other.place) has prices in \(other.currency); "
                    + "a limit of money needs every price that may apply in its own currency"
            )
        }
    }
}

extension SettingsError {
    fileprivate init(_ error: PriceFileError) {
        let all = error.problems.dropFirst().map { "\n\($0.file):\($0.line): \($0.reason)" }
        self.init(file: error.file, line: error.line, key: nil, reason: error.reason + all.joined())
    }
}

extension SettingsSection {
    /// An amount and a currency: `"0.20 USD"`.
    func money(_ key: String) throws(SettingsError) -> Money? {
        guard let text = try string(key) else { return nil }
        guard let money = Money(text), isKnown(money.currency) else {
            throw error(
                key,
                "must be an amount with at most six decimals and an ISO 4217 currency, such as \"0.20 USD\""
            )
        }
        return money
    }
}

private let currencies = Set(Locale.Currency.isoCurrencies.map { $0.identifier.uppercased() })

/// Whether it is a currency of ISO 4217, and no slip.
private func isKnown(_ currency: Currency) -> Bool { currencies.contains(currency.description) }
