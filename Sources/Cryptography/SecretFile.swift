#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Why a file of secrets was not read or not written.
package enum SecretFileError: Error, Equatable {
    /// What the system says.
    case notReadable(reason: String)
    /// Its mode lets others than its owner at it; the mode in octal.
    case readableByOthers(mode: String)
    /// The file has more bytes than the limit.
    case tooLarge(limit: Int)
}

/// A piece of a file of secrets.
package enum SecretFilePart {
    case text(String)
    /// In standard base64 with padding (RFC 4648, section 4).
    case key(SecretKey)
}

extension SecretKey {
    /// Reads a whole file into one buffer of OpenSSL's.
    ///
    /// Blocks as long as the file system does. The file must be for its owner alone (mode 0600 or less) and not empty.
    package static func contents(ofFile path: String, limit: Int = 65_536) throws(SecretFileError) -> SecretKey {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .lastOfSystem }
        defer { _ = close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .lastOfSystem }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notReadable(reason: "it is not a regular file") }
        guard status.st_mode & 0o077 == 0 else {
            throw .readableByOthers(mode: String(status.st_mode & 0o777, radix: 8))
        }
        guard status.st_size <= limit else { throw .tooLarge(limit: limit) }
        guard status.st_size > 0 else { throw .notReadable(reason: "it is empty") }
        return try unsafe SecretKey(count: Int(status.st_size)) { (memory) throws(SecretFileError) in
            guard let count = unsafe readToEnd(of: descriptor, into: memory) else { throw .lastOfSystem }
            guard count == memory.count else { throw .notReadable(reason: "it became shorter") }
        }
    }
}

/// Writes a new file for its owner alone (mode 0600) and has it on disk before it returns.
///
/// Keys go from one buffer of OpenSSL's to the file through another that is overwritten. An existing file is left alone,
/// and a file that could not be written to its end is removed.
package func createSecretFile(at path: String, _ parts: [SecretFilePart]) throws(SecretFileError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .lastOfSystem }
    defer { _ = close(descriptor) }
    guard parts.allSatisfy({ $0.write(to: descriptor) }), fsync(descriptor) == 0 else {
        let error = SecretFileError.lastOfSystem
        _ = unsafe unlink(path)
        throw error
    }
}

extension SecretFilePart {
    fileprivate func write(to descriptor: CInt) -> Bool {
        switch self {
        case .text(var text): text.withUTF8 { unsafe writeAll(UnsafeRawBufferPointer($0), to: descriptor) }
        case .key(let key): unsafe key.withBase64Text { unsafe writeAll($0, to: descriptor) }
        }
    }
}

private func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> Bool {
    var written = 0
    while written < bytes.count {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
        let count = unsafe write(descriptor, rest.baseAddress, rest.count)
        if count > 0 {
            written += count
        } else if count == 0 || errno != EINTR {
            return false
        }
    }
    return true
}

extension SecretFileError {
    fileprivate static var lastOfSystem: SecretFileError {
        .notReadable(reason: unsafe String(cString: strerror(errno)))
    }
}
