import Foundation

/// Reads a file line by line, a piece at a time, so that its size does not matter.
struct LineReader {
    /// Of a longer line only so many bytes are given, which no JSON of ours has.
    private static let longestLine = 1 << 20
    private static let pieceLength = 1 << 18

    private let path: String
    private let handle: FileHandle
    private var piece: [UInt8] = []
    private var place = 0
    private var hasEnded = false
    /// How far reading has come.
    private(set) var bytesRead = 0
    /// Of a file that is no file but a pipe, 0.
    let byteCount: Int

    init(path: String) throws(CommandFailure) {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure(1, "\(path) cannot be read; nothing was done")
        }
        (self.path, self.handle) = (path, handle)
        // What has no size has no progress either.
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        byteCount = attributes?[.size] as? Int ?? 0
    }

    /// Whether the file begins with these bytes; nothing of it is passed over.
    mutating func begins(with bytes: some Sequence<UInt8>) throws(CommandFailure) -> Bool {
        let bytes = Array(bytes)
        while piece.count < bytes.count, !hasEnded { try fill() }
        return piece.starts(with: bytes)
    }

    /// The next line without its end, `nil` after the last.
    mutating func next() throws(CommandFailure) -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            let end = piece[place...].firstIndex(of: 0x0a)
            let part = piece[place..<(end ?? piece.count)]
            line.append(contentsOf: part.prefix(LineReader.longestLine - line.count))
            bytesRead += part.count
            if let end {
                (place, bytesRead) = (end + 1, bytesRead + 1)
                return line
            }
            place = piece.count
            if hasEnded { return line.isEmpty ? nil : line }
            try fill()
        }
    }

    private mutating func fill() throws(CommandFailure) {
        do {
            let more = try handle.read(upToCount: LineReader.pieceLength) ?? Data()
            hasEnded = more.isEmpty
            piece = Array(piece[place...]) + more
            place = 0
        } catch {
            throw CommandFailure(1, "\(path) cannot be read to its end; nothing was done with it as a whole")
        }
    }
}
