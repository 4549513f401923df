/// What became of an event that came in, as the metrics tell it.
package enum EventFate: String, Sendable, CaseIterable {
    case accepted, duplicate
    /// The event was answered with a problem that is its sender's to solve.
    case refused
    /// The store or the keys could not be used; its sender tries again.
    case failed
}
