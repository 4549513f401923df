package import Deliveries
package import Spend

/// Where a receipt holds what: a member of its JSON, or a field of its form or query.
package struct ReceiptField: Sendable, Equatable {
    /// The tokens of a JSON Pointer; a field of a form has one.
    package let tokens: [String]

    package init(_ tokens: [String]) { self.tokens = tokens }
}

/// What a gateway's receipts are like: settings alone, no code.
package struct ReceiptDescription: Sendable {
    package enum CurrencySource: Sendable, Equatable {
        case literal(Currency)
        case field(ReceiptField)
    }

    package var authentication: ReceiptAuthentication
    /// How far the time of a signature may lie from now.
    package var tolerance: Duration
    /// The gateway's name for the message, as its answer told it.
    package var reference: ReceiptField?
    /// Our own name for the attempt, where the gateway repeats it.
    package var attempt: ReceiptField?
    package var state: ReceiptField
    package var code: ReceiptField?
    package var price: ReceiptField?
    package var currency: CurrencySource?
    package var isPricePerSegment: Bool
    /// The account that it is for, and which it must be.
    package var account: (field: ReceiptField, name: String)?
    /// What the gateway's words mean, in small letters; any other says nothing.
    package var states: [String: ReceiptState]

    package init(
        authentication: ReceiptAuthentication,
        tolerance: Duration = standardTolerance,
        reference: ReceiptField? = nil,
        attempt: ReceiptField? = nil,
        state: ReceiptField,
        code: ReceiptField? = nil,
        price: ReceiptField? = nil,
        currency: CurrencySource? = nil,
        isPricePerSegment: Bool = false,
        account: (field: ReceiptField, name: String)? = nil,
        states: [String: ReceiptState]
    ) {
        (self.authentication, self.tolerance) = (authentication, tolerance)
        (self.reference, self.attempt, self.state, self.code) = (reference, attempt, state, code)
        (self.price, self.currency, self.isPricePerSegment) = (price, currency, isPricePerSegment)
        (self.account, self.states) = (account, states)
    }

    package static let standardTolerance: Duration = .seconds(300)
}
