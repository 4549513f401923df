/// What became of a try at a code, as the metrics tell it.
package enum VerificationFate: String, Sendable, CaseIterable {
    case verified
    /// The same request again, with its key.
    case repeated
    case mismatch, expired, used, locked
    /// A limit had no room for it; nothing was judged.
    case limited
    /// The key came with another request before.
    case conflict
    case notFound = "not_found"
    /// The store or the keys could not be used.
    case failed
}
