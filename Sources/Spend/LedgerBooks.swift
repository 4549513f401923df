package import AuthEvents
package import Clocks

/// The double entry of the ledger: where each amount stands now, and whether each step was possible.
///
/// It keeps every delivery that it saw, so it is meant for checks, not for the running server.
package struct LedgerBooks: Sendable {
    /// Whose money it is, and the period in which it was reserved.
    package struct Account: Sendable, Hashable {
        package var tenant: TenantName
        package var country: String?
        package var purpose: Purpose
        package var currency: Currency
        /// The first instant of the period.
        package var period: Instant

        package init(tenant: TenantName, country: String?, purpose: Purpose, currency: Currency, period: Instant) {
            (self.tenant, self.country, self.purpose) = (tenant, country, purpose)
            (self.currency, self.period) = (currency, period)
        }
    }

    fileprivate struct Attempt {
        var committed: Money
        var reservedAt: Instant
        var price: Money?
    }

    fileprivate struct Delivery {
        let tenant: TenantName
        let country: String?
        let purpose: Purpose
        var isOpen = false
        var reservation: Money
        var reservedAt: Instant
        var attempts: [Int64: Attempt] = [:]
    }

    private var deliveries: [DeliveryID: Delivery] = [:]

    package init() {}

    /// Books the next entry.
    ///
    /// - Throws: ``BookingFault`` when the step is not possible; then nothing was booked.
    package mutating func post(_ entry: LedgerEntry) throws(BookingFault) {
        guard var delivery = deliveries[entry.delivery] ?? opened(by: entry) else {
            throw BookingFault(entry, .notReserved)
        }
        guard (delivery.tenant, delivery.country, delivery.purpose) == (entry.tenant, entry.country, entry.purpose)
        else {
            throw BookingFault(entry, .otherSubject)
        }
        switch entry.kind {
        case .reserved: try delivery.reserve(entry)
        case .adjusted: try delivery.adjust(entry)
        case .committed: try delivery.commit(entry)
        case .released where entry.attempt != nil: try delivery.takeBack(entry)
        case .released: try delivery.close(entry)
        case .priced: try delivery.price(entry)
        }
        deliveries[entry.delivery] = delivery
    }

    /// What is reserved, committed and billed above its estimate, by account; empty accounts are left out.
    package func totals(by period: Budget.Period) -> [Account: BudgetUse] {
        var totals: [Account: BudgetUse] = [:]
        for delivery in deliveries.values {
            func add(_ use: BudgetUse, _ currency: Currency, _ reservedAt: Instant) {
                guard use != BudgetUse() else { return }
                let account = Account(
                    tenant: delivery.tenant,
                    country: delivery.country,
                    purpose: delivery.purpose,
                    currency: currency,
                    period: period.bounds(around: reservedAt).start
                )
                totals[account, default: BudgetUse()] += use
            }
            let reservation = delivery.reservation
            add(BudgetUse(reserved: reservation.micros), reservation.currency, delivery.reservedAt)
            for attempt in delivery.attempts.values {
                let committed = attempt.committed
                let over =
                    attempt.price.map { $0.currency == committed.currency ? $0.micros - committed.micros : 0 } ?? 0
                let use = BudgetUse(committed: committed.micros, over: max(over, 0))
                add(use, committed.currency, attempt.reservedAt)
            }
        }
        return totals
    }

    private func opened(by entry: LedgerEntry) -> Delivery? {
        guard entry.kind == .reserved else { return nil }
        return Delivery(
            tenant: entry.tenant,
            country: entry.country,
            purpose: entry.purpose,
            reservation: Money(micros: 0, currency: entry.amount.currency),
            reservedAt: entry.at
        )
    }
}

extension LedgerBooks.Delivery {
    /// A further attempt after one whose outcome is unknown has a reservation of its own: the one before must be used up.
    fileprivate mutating func reserve(_ entry: LedgerEntry) throws(BookingFault) {
        guard reservation.micros == 0 else { throw BookingFault(entry, .reservedTwice) }
        (isOpen, reservation, reservedAt) = (true, entry.amount, entry.at)
    }

    /// Another gateway may ask for another currency.
    fileprivate mutating func adjust(_ entry: LedgerEntry) throws(BookingFault) {
        guard isOpen else { throw BookingFault(entry, .notReserved) }
        reservation = entry.amount
    }

    fileprivate mutating func commit(_ entry: LedgerEntry) throws(BookingFault) {
        guard let number = entry.attempt else { throw BookingFault(entry, .noAttempt) }
        guard attempts[number] == nil else { throw BookingFault(entry, .committedTwice) }
        guard isOpen else { throw BookingFault(entry, .notReserved) }
        guard reservation.currency == entry.amount.currency else { throw BookingFault(entry, .otherCurrency) }
        guard entry.amount.micros <= reservation.micros else { throw BookingFault(entry, .beyondReservation) }
        reservation.micros -= entry.amount.micros
        attempts[number] = LedgerBooks.Attempt(committed: entry.amount, reservedAt: reservedAt)
    }

    /// The whole amount of the attempt; beside what is reserved by then it counts in that one's period.
    fileprivate mutating func takeBack(_ entry: LedgerEntry) throws(BookingFault) {
        guard let number = entry.attempt, let attempt = attempts[number], attempt.committed == entry.amount else {
            throw BookingFault(entry, .notCommitted)
        }
        if reservation.micros == 0 {
            (reservation, reservedAt) = (entry.amount, attempt.reservedAt)
        } else {
            guard reservation.currency == entry.amount.currency else { throw BookingFault(entry, .otherCurrency) }
            let (sum, overflow) = reservation.micros.addingReportingOverflow(entry.amount.micros)
            guard !overflow else { throw BookingFault(entry, .notCommitted) }
            reservation.micros = sum
        }
        isOpen = true
        attempts[number]?.committed.micros = 0
    }

    fileprivate mutating func close(_ entry: LedgerEntry) throws(BookingFault) {
        guard isOpen else { throw BookingFault(entry, .notReserved) }
        guard reservation == entry.amount else { throw BookingFault(entry, .otherAmount) }
        (isOpen, reservation.micros) = (false, 0)
    }

    fileprivate mutating func price(_ entry: LedgerEntry) throws(BookingFault) {
        guard let number = entry.attempt, attempts[number] != nil else { throw BookingFault(entry, .notCommitted) }
        attempts[number]?.price = entry.amount
    }
}
