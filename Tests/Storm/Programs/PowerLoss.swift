import CPowerLoss
import Foundation
import TestSupport

/// Takes back what the dead server had written and not synced, as the loss of power would.
///
/// Disks write in any order, so of the writes since a file's last sync each is lost or not, or is there in part, by chance.
struct PowerLoss {
    /// A change since the last sync, as the preloaded library wrote it down.
    private struct Change {
        var kind: Int
        var offset: UInt64
        var oldSize: UInt64
        var old: ArraySlice<UInt8>
        var new: ArraySlice<UInt8>
    }

    private let post: Post

    init(_ post: Post) {
        self.post = post
    }

    /// Plays it; returns how many changes were lost.
    ///
    /// `losesAll`: Whether nothing of what was not synced is there.
    func strike(losesAll: Bool, using generator: inout SeededGenerator) throws -> Int {
        var lost = 0
        for name in ["gatepost.db", "gatepost.db-wal"] {
            lost += try strike(name, losesAll, &generator)
        }
        lost += try strikeState(losesAll, &generator)
        // Readers keep their places there, and it is never synced.
        _ = try? FileManager.default.removeItem(atPath: post.database + "-shm")
        return lost
    }

    private func strike(_ name: String, _ losesAll: Bool, _ generator: inout SeededGenerator) throws -> Int {
        let changes = try changes(of: name)
        let path = post.folder + "/data/" + name
        guard !changes.isEmpty, let file = FileHandle(forUpdatingAtPath: path) else { return 0 }
        defer { _ = try? file.close() }
        for change in changes.reversed() {
            try file.seek(toOffset: change.offset)
            try file.write(contentsOf: Data(change.old))
            try file.truncate(atOffset: change.oldSize)
        }
        var lost = 0
        for change in changes {
            guard !losesAll, Bool.random(using: &generator) else {
                lost += 1
                continue
            }
            if change.kind == Int(power_loss_cut) {
                try file.truncate(atOffset: change.offset)
                continue
            }
            // A disk writes whole sectors.
            let isTorn = Int.random(in: 0..<4, using: &generator) == 0
            let sectors = (change.new.count + 511) / 512
            let kept =
                isTorn ? min(Int.random(in: 0...sectors, using: &generator) * 512, change.new.count) : change.new.count
            try file.seek(toOffset: change.offset)
            try file.write(contentsOf: Data(change.new.prefix(kept)))
        }
        return lost
    }

    /// The new name is lost or not; where it is not, what was not synced under it may be.
    private func strikeState(_ losesAll: Bool, _ generator: inout SeededGenerator) throws -> Int {
        let changes = try changes(of: "keys.state")
        let path = post.folder + "/keys.state"
        guard let first = changes.first else { return 0 }
        let kept = losesAll ? 0 : Int.random(in: 0...changes.count, using: &generator)
        if kept > 0 {
            let change = changes[kept - 1]
            try Data(change.offset == 1 ? Array(change.new) : []).write(to: URL(filePath: path))
        } else if first.oldSize == 0 {
            try FileManager.default.removeItem(atPath: path)
        } else {
            try Data(first.old).write(to: URL(filePath: path))
        }
        return changes.count - kept
    }

    /// Reads what was written down of a file, and forgets it; the end of it may be cut off, which was not done.
    private func changes(of name: String) throws -> [Change] {
        let path = "\(post.folder)/power/\(name).undo"
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        let bytes = [UInt8](data)
        var changes: [Change] = []
        var index = 0
        let head = MemoryLayout<power_loss_record>.size
        while index + head <= bytes.count {
            let record = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: index, as: power_loss_record.self) }
            guard record.magic == UInt32(power_loss_magic) else { throw Disappointment("\(path) is damaged.") }
            let middle = index + head + Int(record.old_count)
            let end = middle + Int(record.new_count)
            guard end <= bytes.count else { break }
            changes.append(
                Change(
                    kind: Int(record.kind),
                    offset: record.offset,
                    oldSize: record.old_size,
                    old: bytes[index + head..<middle],
                    new: bytes[middle..<end]
                )
            )
            index = end
        }
        try Data().write(to: URL(filePath: path))
        return changes
    }
}
