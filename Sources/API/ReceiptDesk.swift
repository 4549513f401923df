package import Receipts
private import Synchronization

/// What became of a request that says it is a receipt; nothing of it is told.
package enum ReceiptFate: String, Sendable, CaseIterable {
    case applied, recorded, known
    case notOurs = "not_ours"
    case noAttempt = "no_attempt"
    /// It tells no state, or one that is in no list.
    case ignored
    case notAuthentic = "not_authentic"
    case stale
    case otherAccount = "other_account"
    case unreadable
}

/// Where gateways bring their receipts, and how each gateway's are read.
package struct ReceiptDesk: Sendable {
    let readers: [String: ReceiptReader]
    let publicURL: String?
    let note: @Sendable (_ gateway: String, ReceiptFate) -> Void

    /// `readers`: By gateway.
    ///
    /// `note`: Called for each receipt.
    package init(
        readers: [String: ReceiptReader] = [:],
        publicURL: String? = nil,
        note: @escaping @Sendable (_ gateway: String, ReceiptFate) -> Void = { _, _ in }
    ) {
        (self.readers, self.publicURL, self.note) = (readers, publicURL, note)
    }

    /// Where a gateway shall report what became of an attempt; `nil` where it cannot.
    func address(of attempt: String, at gateway: String) -> String? {
        guard let publicURL, readers[gateway] != nil else { return nil }
        return "\(publicURL)/v1/receipts/\(gateway)/\(attempt)"
    }
}
