/// Numbers that nobody can predict, drawn from OpenSSL's generator many at a time: one by one they cost a system call each.
///
/// A class, so that no copy of it gives the same numbers again. They lie in ordinary memory until they are taken: good
/// for ids, not for keys.
package final class RandomBlock: RandomNumberGenerator {
    private static let count = 16

    private var numbers: [UInt64] = []

    package init() {}

    package func next() -> UInt64 {
        if numbers.isEmpty { refill() }
        return numbers.removeLast()
    }

    private func refill() {
        numbers = unsafe [UInt64](unsafeUninitializedCapacity: RandomBlock.count) { buffer, count in
            unsafe fillWithRandomBytes(UnsafeMutableRawBufferPointer(buffer))
            count = RandomBlock.count
        }
    }
}
