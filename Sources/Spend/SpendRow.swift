/// What spend can be told apart by; the currency always is.
package enum SpendGroup: String, Sendable, CaseIterable {
    case country
    case tenant
    case purpose
    case gateway
    /// The day in UTC of the entry, `2026-11-21`.
    case day
}

/// Sums of one currency; below zero where more was taken back than committed.
package struct SpendSums: Sendable, Equatable {
    package var messages: Int64 = 0
    package var segments: Int64 = 0
    /// In micros, as are price and difference.
    package var estimate: Int64 = 0
    package var price: Int64 = 0
    /// Price less estimate, of what is priced in the currency of its estimate.
    package var difference: Int64 = 0

    package init(
        messages: Int64 = 0,
        segments: Int64 = 0,
        estimate: Int64 = 0,
        price: Int64 = 0,
        difference: Int64 = 0
    ) {
        (self.messages, self.segments) = (messages, segments)
        (self.estimate, self.price, self.difference) = (estimate, price, difference)
    }

    /// Sums stop at the greatest number.
    package static func += (left: inout SpendSums, right: SpendSums) {
        left.messages = left.messages.saturatingSum(right.messages)
        left.segments = left.segments.saturatingSum(right.segments)
        left.estimate = left.estimate.saturatingSum(right.estimate)
        left.price = left.price.saturatingSum(right.price)
        left.difference = left.difference.saturatingSum(right.difference)
    }
}

/// A line of the spend report.
package struct SpendRow: Sendable, Equatable {
    /// One for each group of the report, in its order; `nil` where the entries have none.
    package var keys: [String?]
    package var currency: Currency
    package var sums: SpendSums

    package init(keys: [String?], currency: Currency, sums: SpendSums) {
        (self.keys, self.currency, self.sums) = (keys, currency, sums)
    }
}

extension SpendRow {
    /// By the keys, one after the other, those without a value last, then by currency.
    static func precedes(_ left: SpendRow, _ right: SpendRow) -> Bool {
        for (one, other) in zip(left.keys, right.keys) where one != other {
            guard let one else { return false }
            guard let other else { return true }
            return one < other
        }
        return left.currency < right.currency
    }
}
