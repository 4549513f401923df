/// A keyed hash that stands for something the store must recognise and must not be able to read: 16 bytes.
///
/// HMAC-SHA-256 under the lookup key, cut to 128 bits; two things have one only by a chance of 2^-128 a pair.
package struct Digest: Sendable, Hashable {
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        precondition(bytes.count == 16, "a digest has 16 bytes")
        self.bytes = bytes
    }
}
