/// How much is kept for who asks why.
package struct StoryBounds: Sendable, Equatable {
    /// How long a refused event is kept.
    package var refusalLife: Duration = .seconds(86_400)
    /// How many are kept; then the oldest go.
    package var refusals: Int64 = 50_000
    /// How many changes of one delivery are kept beside its attempts: the first half of them and the last.
    package var notes: Int64 = 40

    package init() {}
}
