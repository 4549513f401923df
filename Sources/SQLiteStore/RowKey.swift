import AuthEvents
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
    init(_ bytes: [UInt8], part: UInt32? = nil) {
        precondition(bytes.count >= (part == nil ? RowKey.bytes : 16), "the key of a row has 20 bytes")
        self = bytes.withUnsafeBytes { bytes in
            RowKey(
                high: UInt64(bigEndian: unsafe bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                part: part ?? UInt32(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
            )
        }
    }

    private init(high: UInt64, low: UInt64, part: UInt32) {
        (self.high, self.low, self.part) = (high, low, part)
    }

    /// The hash that it begins with.
    var digest: [UInt8] { [UInt8](high, low, nil) }

    /// The hash and the part.
    var all: [UInt8] { [UInt8](high, low, part) }

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

/// The number that bytes stand for, the highest first.
func fromBigEndian(_ bytes: some Collection<UInt8>) -> Int64 {
    Int64(truncatingIfNeeded: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
}

extension [UInt8] {
    /// Appends the bytes of a number, the highest first.
    mutating func append(bigEndian number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.bigEndian) { unsafe append(contentsOf: $0) }
    }

    mutating func append(_ id: Identifier<some Named>) {
        append(bigEndian: id.high)
        append(bigEndian: id.low)
    }

    fileprivate init(_ high: UInt64, _ low: UInt64, _ part: UInt32?) {
        self.init()
        reserveCapacity(RowKey.bytes)
        append(bigEndian: high)
        append(bigEndian: low)
        if let part { append(bigEndian: part) }
    }

    mutating func append(_ key: RowKey) {
        append(contentsOf: key.all)
    }
}
