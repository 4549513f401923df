/// All orders in which the steps of several actors can happen, each actor's own kept: `[0, 0, 1]`, `[0, 1, 0]`, `[1, 0, 0]`
/// for two steps of the first and one of the second.
///
/// They come in lexicographic order, so that each begins as the one before for as long as can be.
package struct Interleavings: Sequence, IteratorProtocol {
    private var upcoming: [Int]?

    /// `steps`: How many each actor takes.
    package init(of steps: [Int]) {
        upcoming = steps.enumerated().flatMap { actor, count in Array(repeating: actor, count: count) }
    }

    package mutating func next() -> [Int]? {
        guard let current = upcoming else { return nil }
        upcoming = Interleavings.successor(of: current)
        return current
    }

    /// The next permutation, by Narayana Pandita's rule; `nil` after the last.
    private static func successor(of order: [Int]) -> [Int]? {
        guard let pivot = order.indices.dropLast().last(where: { order[$0] < order[$0 + 1] }),
            let larger = order.indices.last(where: { order[$0] > order[pivot] })
        else { return nil }
        var next = order
        next.swapAt(pivot, larger)
        next[(pivot + 1)...].reverse()
        return next
    }

    /// How many there are: the multinomial coefficient.
    package static func count(of steps: [Int]) -> Int {
        var (sum, count) = (0, 1)
        for number in steps where number > 0 {
            for index in 1...number {
                sum += 1
                // Divides without a rest: each product is a binomial coefficient times the count before it.
                count = count * sum / index
            }
        }
        return count
    }
}
