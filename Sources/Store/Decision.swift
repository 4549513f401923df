package import Deliveries

/// What a delivery was accepted with: each rule that was judged, and its numbers.
///
/// It names no person and holds no code, so that it can be kept readable.
package struct Decision: Sendable, Equatable {
    /// How it came to its challenge.
    ///
    /// The raw value is what the store keeps.
    package enum Opening: Int64, Sendable, CaseIterable {
        case opened = 1
        case sameCode = 2
        case newCode = 3
        /// The challenge had expired.
        case reopened = 4
        case replayed = 5
    }

    /// `nil` where there is nothing to verify.
    package var opening: Opening?
    /// `nil` for the first message.
    package var resend: ResendJudgement?
    package var limits: [LimitJudgement]
    /// Of an SMS: libphonenumber's word for its number, the units of its text, and what a segment costs, in micros.
    package var numberType: String?
    package var units: Int64?
    package var unitPrice: Int64?
    package var fee: Int64?
    package var budgets: [BudgetJudgement]
    package var route: RouteJudgement

    package init(
        opening: Opening?,
        resend: ResendJudgement? = nil,
        limits: [LimitJudgement] = [],
        numberType: String? = nil,
        units: Int64? = nil,
        unitPrice: Int64? = nil,
        fee: Int64? = nil,
        budgets: [BudgetJudgement] = [],
        route: RouteJudgement
    ) {
        (self.opening, self.resend, self.limits, self.numberType) = (opening, resend, limits, numberType)
        (self.units, self.unitPrice, self.fee) = (units, unitPrice, fee)
        (self.budgets, self.route) = (budgets, route)
    }
}

/// Which gateway a delivery was given to, and why to none before it.
package struct RouteJudgement: Sendable, Equatable {
    package enum Obstacle: String, Sendable, CaseIterable {
        case down, held
        case noPrice = "no_price"
        case priceCeiling = "price_ceiling"
        /// No longer in the settings.
        case gone
    }

    package struct Passed: Sendable, Equatable {
        package var gateway: String
        package var obstacle: Obstacle

        package init(_ gateway: String, _ obstacle: Obstacle) {
            (self.gateway, self.obstacle) = (gateway, obstacle)
        }
    }

    /// The place of the rule among the settings' routes, from 1; `nil` where the channel has none.
    package var rule: Int64?
    package var gateways: [String]
    package var gateway: String
    package var passed: [Passed]
    /// Why it had to wait there.
    package var parked: Reason?
    /// It was to try a gateway that was down.
    package var isTrial: Bool

    package init(
        rule: Int64?,
        gateways: [String],
        gateway: String,
        passed: [Passed] = [],
        parked: Reason? = nil,
        isTrial: Bool = false
    ) {
        (self.rule, self.gateways, self.gateway) = (rule, gateways, gateway)
        (self.passed, self.parked, self.isTrial) = (passed, parked, isTrial)
    }
}
