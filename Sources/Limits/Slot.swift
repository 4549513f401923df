/// One place that a message or a try takes in the token bucket of a limit.
package struct Slot: Sendable, Equatable {
    /// The bytes of ``bucket``.
    package static let bucketBytes = 20

    /// The name of the limit.
    package var limit: String
    /// Stands for the limit and what it counts, unreadably; those of one place begin alike, so that they lie together.
    package var bucket: [UInt8]
    /// What the limit counts apart, for who asks why.
    package var scope: Limit.Scope
    package var rate: Rate
    package var burst: Int64

    package init(limit: String, bucket: [UInt8], scope: Limit.Scope, rate: Rate, burst: Int64) {
        precondition(bucket.count == Slot.bucketBytes, "the name of a bucket has 20 bytes")
        (self.limit, self.bucket, self.scope, self.rate, self.burst) = (limit, bucket, scope, rate, burst)
    }
}
