extension DeliveryState {
    /// Where a receipt for the newest attempt takes a delivery; `nil` where it changes nothing.
    ///
    /// | state | `accepted` | `delivered` | `undelivered` |
    /// |---|---|---|---|
    /// | `sending`, `unknown` | `accepted` | `delivered` | `undelivered` |
    /// | `accepted` | | `delivered` | `undelivered` |
    /// | `undelivered` | | `delivered` | |
    /// | `dead(gave_up)` | | `delivered` | `undelivered` |
    /// | all others | | | |
    ///
    /// Receipts may come in any order: what was delivered stays so.
    package func after(_ receipt: ReceiptState, reason: Reason?) -> DeliveryState? {
        switch (self, receipt) {
        case (.sending, .accepted), (.unknown, .accepted): .accepted
        case (.sending, .delivered), (.unknown, .delivered), (.accepted, .delivered): .delivered
        case (.sending, .undelivered), (.unknown, .undelivered), (.accepted, .undelivered): .undelivered
        case (.undelivered, .delivered): .delivered
        case (.dead, .delivered) where reason == .gaveUp: .delivered
        case (.dead, .undelivered) where reason == .gaveUp: .undelivered
        default: nil
        }
    }
}
