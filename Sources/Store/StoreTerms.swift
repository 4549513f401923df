/// How much of the disk a store may take beside its data.
package struct StoreTerms: Sendable, Equatable {
    /// From this size of the write-ahead log on no event is accepted; bytes.
    package var walLimit: Int
    /// What is set aside for the outcomes of what is under way when the disk is full; bytes, 0 for nothing.
    package var reserve: Int
    /// So many rows by which events are recognised and counted are gathered in memory before they are merged into their
    /// tables; up to twice as many are there then.
    package var recentRows: Int

    package init(walLimit: Int = 256 << 20, reserve: Int = 0, recentRows: Int = 250_000) {
        (self.walLimit, self.reserve, self.recentRows) = (walLimit, reserve, recentRows)
    }
}
