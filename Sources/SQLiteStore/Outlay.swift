import AuthEvents
import Clocks
import Deliveries
import SQLite
import Spend
import Store

/// What an SMS was accepted with, and what is reserved for it now.
struct Outlay {
    let delivery: DeliveryID
    let subject: Budget.Subject
    let tenant: TenantName
    let purpose: Purpose
    let country: String
    /// As it was accepted.
    let segments: Int64
    let encoding: SMSEncoding
    let amount: Money
    let priceVersion: String
    /// The dearest gateway, by whose price it was accepted.
    let gateway: String
    /// Those of its route that have a price for the number.
    let gateways: Set<String>
    /// The open reservation, if there is one.
    var reserved: Money?
    /// When the reservation was made that the money of now comes from.
    var period: Instant

    /// What it takes to be sent, or to be sent again.
    var demand: BudgetDemand { BudgetDemand(amount: amount, subject: subject) }

    /// What an attempt is taken to cost of which nothing else is known.
    var quote: AttemptQuote {
        AttemptQuote(segments: segments, encoding: encoding, amount: amount, priceVersion: priceVersion)
    }
}

/// An amount that is to be reserved.
struct BudgetDemand {
    var amount: Money
    var subject: Budget.Subject

    func counts(with other: BudgetDemand, in budget: Budget) -> Bool {
        other.amount.currency == amount.currency && budget.key(of: other.subject) == budget.key(of: subject)
    }
}

extension WriterCore {
    /// `nil` for a mail.
    mutating func outlay(of delivery: DeliveryID) throws(SQLiteError) -> Outlay? {
        let names = state.tenants.names
        let row = try connection.first(
            """
            SELECT tenant, purpose, country, segments, encoding, amount, currency, price_version, gateway, gateways,
                reserved, reserved_currency, period
            FROM outlay WHERE delivery = ?
            """,
            .id(delivery),
            read: { row -> Outlay? in
                guard let tenant = names[row.integer(0)].flatMap(TenantName.init),
                    let purpose = Purpose(rawValue: row.integer(1)),
                    let encoding = SMSEncoding(rawValue: row.integer(4)),
                    let currency = Currency(row.text(6))
                else { return nil }
                let country = row.text(2)
                return Outlay(
                    delivery: delivery,
                    subject: Budget.Subject(tenant: "\(tenant)", country: country, purpose: purpose.name),
                    tenant: tenant,
                    purpose: purpose,
                    country: country,
                    segments: row.integer(3),
                    encoding: encoding,
                    amount: Money(micros: row.integer(5), currency: currency),
                    priceVersion: row.text(7),
                    gateway: row.text(8),
                    gateways: Set(row.text(9).split(separator: ",").map(String.init)),
                    reserved: Money(row, from: 10),
                    period: Instant(milliseconds: row.integer(12))
                )
            }
        )
        switch row {
        case nil: return nil
        case .some(.some(let outlay)): return outlay
        case .some(nil): throw .damage("an outlay cannot be what was written")
        }
    }

    /// Writes what an SMS is accepted with, and that it is reserved.
    mutating func insertOutlay(
        _ costs: Submission.Costs,
        of delivery: DeliveryID,
        tenant: Int64,
        purpose: Purpose
    ) throws(SQLiteError) -> Outlay {
        let dearest = costs.dearest
        let name = try tenantName(tenant)
        let outlay = Outlay(
            delivery: delivery,
            subject: Budget.Subject(tenant: "\(name)", country: costs.country, purpose: purpose.name),
            tenant: name,
            purpose: purpose,
            country: costs.country,
            segments: Int64(dearest.segments.segments),
            encoding: dearest.segments.encoding,
            amount: dearest.amount,
            priceVersion: dearest.price.version,
            gateway: dearest.gateway,
            gateways: Set(costs.quotes.map(\.gateway)),
            reserved: dearest.amount,
            period: now
        )
        guard try budgetRefusal(of: outlay.demand) == nil else {
            throw .damage("a budget changed while an event was accepted")
        }
        try connection.run(
            """
            INSERT INTO outlay (delivery, tenant, purpose, country, segments, encoding, amount, currency, price_version,
                gateway, gateways, reserved, reserved_currency, period)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?7, ?8, ?12)
            """,
            .id(delivery),
            .integer(tenant),
            .integer(purpose.rawValue),
            .text(outlay.country),
            .integer(outlay.segments),
            .integer(outlay.encoding.rawValue),
            .integer(outlay.amount.micros),
            .text(outlay.amount.currency.description),
            .text(outlay.priceVersion),
            .text(outlay.gateway),
            .text(costs.quotes.map(\.gateway).joined(separator: ",")),
            .integer(now.milliseconds)
        )
        return outlay
    }
}

extension Money {
    /// Reads micros and currency from two columns; `nil` where they are null.
    init?(_ row: borrowing Row, from column: Int32) {
        guard let micros = row.optionalInteger(column),
            let currency = row.optionalText(column + 1).flatMap(Currency.init)
        else { return nil }
        self.init(micros: micros, currency: currency)
    }
}
