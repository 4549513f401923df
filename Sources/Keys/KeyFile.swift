package import Cryptography

/// Why a key file cannot be used.
///
/// No sentence of it quotes the file.
package enum KeyFileError: Error, Equatable {
    case file(path: String, SecretFileError)
    case line(path: String, line: Int, reason: String)
    case missing(path: String, kind: String)
}

extension KeyFileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let path, .notReadable(let reason)): "The key file \(path) could not be used: \(reason)."
        case .file(let path, .readableByOthers(let mode)):
            "The key file \(path) has mode \(mode), so others than its owner can read it; nothing was started. "
                + "Run `chmod 600 \(path)`. If somebody else may have read it, make a new installation: the keys of a database "
                + "cannot be exchanged."
        case .file(let path, .tooLarge(let limit)): "The key file \(path) is larger than \(limit) bytes."
        case .line(let path, let line, let reason): "\(path):\(line): \(reason)."
        case .missing(let path, let kind):
            "The key file \(path) has no [[\(kind)]] key. Put back the file that belongs to the database."
        }
    }
}

/// The file of keys: for each kind one or more, each with an id; the last of a kind is the one in use.
///
/// A small part of TOML is read: `[[kind]]`, `id = "…"`, `key = "…"` (32 bytes in base64), comments and blank lines. It is
/// read here and not by the TOML library so that the keys stay in OpenSSL's memory.
struct KeyFile {
    enum Kind: String, CaseIterable { case code, seal, lookup, ledger }

    struct Entry {
        var kind: Kind
        var id: String
        var key: SecretKey
    }

    private(set) var entries: [Entry] = []
    private let path: String

    init(path: String) throws(KeyFileError) {
        self.path = path
        let contents: SecretKey
        do {
            contents = try SecretKey.contents(ofFile: path)
        } catch {
            throw .file(path: path, error)
        }
        try contents.withSpan { bytes throws(KeyFileError) in try parse(bytes) }
        for kind in Kind.allCases where !entries.contains(where: { $0.kind == kind }) {
            throw .missing(path: path, kind: kind.rawValue)
        }
    }

    private mutating func parse(_ bytes: Span<UInt8>) throws(KeyFileError) {
        var kind: Kind?
        var id: String?
        var line = 0
        var start = 0
        while start < bytes.count {
            line += 1
            var end = start
            while end < bytes.count, bytes[end] != 0x0a { end += 1 }
            let text = bytes.extracting(start..<end)
            start = end + 1
            if text.isBlankOrComment { continue }
            if let name = text.between("[[", "]]") {
                guard let named = Kind(rawValue: String(name)) else {
                    throw problem(line, "this kind of key is not known")
                }
                (kind, id) = (named, nil)
            } else if let value = text.between("id = \"", "\"") {
                id = String(value)
            } else if let range = text.rangeBetween("key = \"", "\"") {
                guard let kind, let id, !entries.contains(where: { $0.id == id }) else {
                    throw problem(line, "a key needs its [[kind]] and an id of its own before it")
                }
                guard let key = try? SecretKey(base64: text.extracting(range)), key.count == 32 else {
                    throw problem(line, "the key must be 32 bytes in base64")
                }
                entries.append(Entry(kind: kind, id: id, key: key))
            } else {
                throw problem(line, "a line must be [[kind]], id = \"…\" or key = \"…\"")
            }
        }
    }

    private func problem(_ line: Int, _ reason: String) -> KeyFileError {
        .line(path: path, line: line, reason: reason)
    }
}

extension Span<UInt8> {
    fileprivate var isBlankOrComment: Bool {
        for index in indices where self[index] > 0x20 { return self[index] == 0x23 }
        return true
    }

    /// Where the text lies between a beginning and an ending, blanks after it aside.
    fileprivate func rangeBetween(_ beginning: StaticString, _ ending: StaticString) -> Range<Int>? {
        let head = [UInt8]("\(beginning)".utf8)
        let tail = [UInt8]("\(ending)".utf8)
        var end = count
        while end > 0, self[end - 1] <= 0x20 { end -= 1 }
        guard end >= head.count + tail.count else { return nil }
        for (offset, byte) in head.enumerated() where self[offset] != byte { return nil }
        for (offset, byte) in tail.enumerated() where self[end - tail.count + offset] != byte { return nil }
        return head.count..<end - tail.count
    }

    /// For what is no secret: kinds and ids.
    fileprivate func between(_ beginning: StaticString, _ ending: StaticString) -> String? {
        guard let range = rangeBetween(beginning, ending) else { return nil }
        return String(decoding: range.map { self[$0] }, as: UTF8.self)
    }
}

/// Makes a key file with one new key of each kind; an existing file is left alone.
package func createKeyFile(at path: String) throws(KeyFileError) {
    var parts: [SecretFilePart] = [
        .text(
            "# The keys of this installation. Keep a copy apart from the backups of the database: without them its sealed\n"
        ),
        .text("# data cannot be read; whoever has both can read them. Mode 0600.\n"),
    ]
    for kind in KeyFile.Kind.allCases {
        let id = kind.rawValue + "-" + randomBytes(4).hex
        parts += [.text("\n[[\(kind.rawValue)]]\nid = \"\(id)\"\nkey = \""), .key(.random(count: 32)), .text("\"\n")]
    }
    do {
        try createSecretFile(at: path, parts)
    } catch {
        throw .file(path: path, error)
    }
}
