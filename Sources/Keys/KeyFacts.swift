/// What may be told of a key.
package struct KeyFacts: Sendable, Equatable {
    package var id: String
    /// `code`, `seal`, `lookup` or `ledger`.
    package var purpose: String
    /// Whether new things are made with it; another of its purpose only opens what it was used for.
    package var isInUse: Bool

    init(id: String, purpose: String, isInUse: Bool) {
        (self.id, self.purpose, self.isInUse) = (id, purpose, isInUse)
    }
}
