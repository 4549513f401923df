import AuthEvents
package import Clocks
package import Cryptography
package import Deliveries
import JSON
import Spend

/// Turns a request into a gateway's receipt, or refuses it.
package struct ReceiptReader: Sendable {
    private let description: ReceiptDescription
    private let secret: SecretKey?

    /// `secret`: Required where ``ReceiptAuthentication/needsSecret`` says so; without it nothing passes.
    package init(_ description: ReceiptDescription, secret: SecretKey?) {
        (self.description, self.secret) = (description, secret)
    }

    /// Nothing is read before the sender is sure, and nothing that the sender did not sign.
    ///
    /// Returns `nil` for what tells nothing of a message's fate: no state, or a word in no list.
    ///
    /// - Throws: ``ReceiptRefusal``.
    package func read(_ request: ReceiptRequest, at now: Instant) throws(ReceiptRefusal) -> Receipt? {
        let freshness = Freshness(now: now, tolerance: description.tolerance)
        let coverage = try description.authentication.check(request, secret: secret, freshness)
        guard coverage.contains(request.tellsByQuery ? .address : .body) else { throw .notAuthentic }
        let content = try ReceiptContent(request)
        if let account = description.account, try content.text(account.field) != account.name { throw .otherAccount }
        guard let word = try content.text(description.state), let state = description.states[word.lowercased()] else {
            return nil
        }
        return Receipt(
            attempt: try content.text(description.attempt).flatMap(AttemptID.init),
            reference: try content.text(description.reference).flatMap { GatewayWords.reference($0) },
            state: state,
            code: try content.text(description.code).flatMap(ReceiptReader.code),
            price: try price(content),
            isPricePerSegment: description.isPricePerSegment,
            coversAddress: coverage.contains(.address)
        )
    }

    /// More than this no message costs; what says so is not booked.
    private static let dearest: Int64 = 1_000_000_000_000

    private func price(_ content: ReceiptContent) throws(ReceiptRefusal) -> Money? {
        guard let field = description.price, let value = try content.value(field) else { return nil }
        let micros: Int64? =
            switch value {
            case .integer(let units): BilledAmount.micros(String(units))
            case .number(let amount): BilledAmount.micros(amount)
            case .string(let text): BilledAmount.micros(text)
            case .null, .bool, .array, .object: nil
            }
        let currency: Currency? =
            switch description.currency {
            case .literal(let currency): currency
            case .field(let field): try content.text(field).flatMap { Currency($0.uppercased()) }
            case nil: nil
            }
        guard let micros, micros <= ReceiptReader.dearest, let currency else { return nil }
        return Money(micros: micros, currency: currency)
    }

    /// A code of an error: short, and nothing that a number or an address could be.
    private static func code(_ text: String) -> String? {
        let isCode =
            text.utf8.count <= 64
            && text.unicodeScalars.allSatisfy { $0.isASCII && (0x21...0x7E).contains($0.value) && $0 != "@" }
        let longest = text.split { !$0.isNumber }.map(\.count).max() ?? 0
        return isCode && longest < 7 ? text : nil
    }
}
