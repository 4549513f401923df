/// A row of the table `recent`: rows of a ``RecentRows``, one behind the other.
///
/// Each has its kind, its key, the number of its bytes (2, the higher first), and these.
struct RecentLog {
    enum Kind: UInt8 {
        case seen = 1
        case person = 2
        case bucket = 3
    }

    private(set) var bytes: [UInt8] = []

    init(room rows: Int) {
        bytes.reserveCapacity(rows * 48)
    }

    mutating func append<Row: MemtableRow>(_ kind: Kind, _ rows: [RowKey: Row]) {
        for (key, row) in rows { append(kind, key, row) }
    }

    mutating func append<Row: MemtableRow>(_ kind: Kind, _ rows: [(key: RowKey, row: Row?)]) {
        for case (let key, let row?) in rows { append(kind, key, row) }
    }

    mutating func append(_ kind: Kind, _ key: RowKey, _ row: some MemtableRow) {
        bytes.append(kind.rawValue)
        bytes.append(key)
        let place = bytes.count
        bytes.append(bigEndian: UInt16(0))
        row.log(to: &bytes)
        let count = bytes.count - place - 2
        (bytes[place], bytes[place + 1]) = (UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count))
    }

    static func forEachEntry(of bytes: [UInt8], _ body: (Kind, RowKey, ArraySlice<UInt8>) -> Void) {
        var rest = bytes[...]
        while let first = rest.popFirst(), let kind = Kind(rawValue: first), rest.count >= RowKey.bytes + 2 {
            let key = RowKey(Array(rest.prefix(RowKey.bytes)))
            rest = rest.dropFirst(RowKey.bytes)
            let count = Int(fromBigEndian(rest.prefix(2)))
            body(kind, key, rest.dropFirst(2).prefix(count))
            rest = rest.dropFirst(2 + count)
        }
    }
}
