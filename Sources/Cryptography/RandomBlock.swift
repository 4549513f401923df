/// Numbers that nobody can predict, drawn from OpenSSL's generator many at a time: one by one they cost a system call each.
///
/// A class, so that no copy of it gives the same numbers again. They lie in ordinary memory until they are taken: good
/// for ids, not for keys.
package final class RandomBlock: RandomNumberGenerator {
    private static let count = 32

    private var numbers: [UInt64] = []

    package init() {}

    package func next() -> UInt64 {
        if numbers.isEmpty { refill() }
        return numbers.removeLast()
    }

    private func refill() {
        let bytes = randomBytes(RandomBlock.count * 8)
        for start in stride(from: 0, to: bytes.count, by: 8) {
            numbers.append(bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) })
        }
    }
}
