import Clocks
import Deliveries
import JSON
import Receipts
import Spend

extension ReceiptDescription {
    /// How far a signature's time may lie from now, at the least and at the most.
    private static let tolerances: ClosedRange<Duration> = .seconds(1)...(.seconds(3600))

    /// Reads what a gateway's table `receipts` says over its preset.
    ///
    /// `gatewayAccount`: The gateway's own account, which receipts that name one must be for.
    init(_ layers: DescriptionLayers, gatewayAccount: String?) throws(SettingsError) {
        let own = layers.own
        let authentication = try ReceiptAuthentication(layers, gatewayAccount: gatewayAccount)
        let (reference, attempt) = (try layers.field("reference"), try layers.field("attempt"))
        guard authentication.coversAddress || reference != nil || attempt != nil else {
            throw own.error(
                "reference",
                "is required: where the URL is not signed, the receipt itself must say which message it is for"
            )
        }
        guard let state = try layers.field("state") else {
            throw own.error("state", "is required: a JSON Pointer or the name of a field such as status")
        }
        let (price, currency) = (try layers.field("price"), try ReceiptDescription.currency(layers))
        guard (price == nil) == (currency == nil) else {
            throw own.error(price == nil ? "price" : "currency", "price and currency belong together")
        }
        self.init(
            authentication: authentication,
            tolerance: try own.duration(
                "tolerance",
                default: ReceiptDescription.standardTolerance,
                in: ReceiptDescription.tolerances
            ),
            reference: reference,
            attempt: attempt,
            state: state,
            code: try layers.field("code"),
            price: price,
            currency: currency,
            isPricePerSegment: try layers.boolean("per_segment") ?? false,
            account: try ReceiptDescription.account(layers, gatewayAccount),
            states: try ReceiptDescription.states(layers)
        )
        try own.refuseUnknown()
    }

    private static func currency(_ layers: DescriptionLayers) throws(SettingsError) -> CurrencySource? {
        guard let text = try layers.string("currency") else { return nil }
        if let currency = Currency(text) { return .literal(currency) }
        return try layers.field("currency").map { .field($0) }
    }

    private static func account(
        _ layers: DescriptionLayers,
        _ gatewayAccount: String?
    ) throws(SettingsError) -> (field: ReceiptField, name: String)? {
        let name = try layers.string("account_is") ?? gatewayAccount
        guard let field = try layers.field("account") else { return nil }
        guard let name, !name.isEmpty else {
            throw layers.own.error("account_is", "is required: the account that receipts must be for")
        }
        return (field, name)
    }

    private static func states(_ layers: DescriptionLayers) throws(SettingsError) -> [String: ReceiptState] {
        var states: [String: ReceiptState] = [:]
        for state in ReceiptState.allCases {
            for word in try layers.strings(state.name) ?? [] {
                guard !word.isEmpty, states.updateValue(state, forKey: word.lowercased()) == nil else {
                    throw layers.own.error(state.name, "each word stands once, in one of the lists")
                }
            }
        }
        guard states.values.contains(.delivered) else {
            throw layers.own.error("delivered", "is required: the words for a message that arrived")
        }
        return states
    }
}

extension DescriptionLayers {
    /// A JSON Pointer, or the name of a field.
    func field(_ key: String) throws(SettingsError) -> ReceiptField? {
        guard let text = try string(key) else { return nil }
        if !text.isEmpty, !text.hasPrefix("/") { return ReceiptField([text]) }
        guard let pointer = JSONPointer(text: text), !pointer.tokens.isEmpty else {
            throw own.error(key, "must be a JSON Pointer such as /data/id, or the name of a field such as MessageSid")
        }
        return ReceiptField(pointer.tokens)
    }
}
