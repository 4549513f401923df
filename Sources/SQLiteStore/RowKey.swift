import Store

/// A keyed hash of 16 bytes and what tells apart the rows that one has: the key of a row in a ``Memtable``.
///
/// Ordered as SQLite orders blobs, by their bytes.
struct RowKey: Sendable, Comparable {
    private let high: UInt64
    private let low: UInt64
    let part: UInt32

    static let bytes = 20

    init(_ digest: Digest, part: UInt32 = 0) {
        self.init(digest.bytes, part: part)
    }

    /// `bytes`: 20, or 16 with the part beside them.
    init(_ bytes: some Collection<UInt8>, part: UInt32? = nil) {
        var numbers: (UInt64, UInt64, UInt64) = (0, 0, 0)
        for (index, byte) in bytes.enumerated() {
            switch index {
            case ..<8: numbers.0 = numbers.0 << 8 | UInt64(byte)
            case ..<16: numbers.1 = numbers.1 << 8 | UInt64(byte)
            default: numbers.2 = numbers.2 << 8 | UInt64(byte)
            }
        }
        (high, low, self.part) = (numbers.0, numbers.1, part ?? UInt32(truncatingIfNeeded: numbers.2))
    }

    /// The hash that it begins with.
    var digest: [UInt8] { bigEndian(high) + bigEndian(low) }

    /// The hash and the part.
    var all: [UInt8] { digest + bigEndian(part) }

    func belongs(to other: RowKey) -> Bool { high == other.high && low == other.low }

    static func < (left: RowKey, right: RowKey) -> Bool {
        (left.high, left.low, left.part) < (right.high, right.low, right.part)
    }
}

extension RowKey: Hashable {
    /// Its own first bytes are a hash already.
    func hash(into hasher: inout Hasher) {
        hasher.combine(high)
    }
}

/// The bytes of a number, the highest first.
func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { unsafe Array($0) }
}

/// The number that bytes stand for, the highest first.
func fromBigEndian(_ bytes: some Collection<UInt8>) -> Int64 {
    Int64(truncatingIfNeeded: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
}
