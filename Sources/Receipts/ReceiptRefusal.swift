/// Why a request is not taken as a receipt.
///
/// Whoever sent it learns no more than the case; nothing of the request is repeated.
package enum ReceiptRefusal: Error, Equatable {
    /// Not signed as the gateway signs, or what it tells is not among what was signed.
    case notAuthentic
    /// Signed, but too long ago or in the future.
    case stale
    /// Of another account than the gateway's.
    case otherAccount
    /// Signed, but neither JSON nor a form, or with a name twice.
    case unreadable
}
