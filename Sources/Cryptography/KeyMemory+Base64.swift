private import COpenSSL

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

extension KeyMemory {
    /// Decodes a text into memory of its own, so that no other copy of the key comes into being.
    init(base64 text: UnsafeRawBufferPointer, counts: ClosedRange<Int>) throws(SecretKeyError) {
        guard let count = unsafe Base64.standard.decodedCount(text), count > 0 else { throw .notBase64 }
        guard counts.contains(count) else { throw .wrongCount(count, allowed: counts) }
        try unsafe self.init(count: count) { (memory) throws(SecretKeyError) in
            guard unsafe Base64.standard.decode(text, into: memory) else { throw .notBase64 }
        }
    }

    init(base64From descriptor: CInt, counts: ClosedRange<Int>) throws(SecretKeyError) {
        let limit = 4096
        var length = 0
        // One byte more than the limit, so that reading it proves that the text is too long.
        let text = try unsafe KeyMemory(count: limit + 1) { (memory) throws(SecretKeyError) in
            guard let count = unsafe readToEnd(of: descriptor, into: memory) else { throw .unreadable(errno: errno) }
            length = count
        }
        guard length <= limit else { throw .tooLong(limit: limit) }
        self = try unsafe text.withUnsafeBytes { (bytes) throws(SecretKeyError) in
            try unsafe KeyMemory(
                base64: trimmed(UnsafeRawBufferPointer(bytes), length),
                counts: counts
            )
        }
    }
}

/// Reads until the end or until the memory is full; returns the number of bytes, or nil with the reason in `errno`.
func readToEnd(
    of descriptor: CInt,
    into memory: UnsafeMutableRawBufferPointer
) -> Int? {
    var length = 0
    while length < memory.count {
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[length...])
        let count = unsafe read(descriptor, rest.baseAddress, rest.count)
        if count == 0 { break }
        if count > 0 {
            length += count
        } else if errno != EINTR {
            return nil
        }
    }
    return length
}

/// The first bytes of a buffer without the white space around them.
private func trimmed(_ buffer: UnsafeRawBufferPointer, _ length: Int) -> UnsafeRawBufferPointer {
    func isSpace(_ index: Int) -> Bool { unsafe buffer[index] == 0x20 || (0x09...0x0D).contains(buffer[index]) }
    let first = (0..<length).first { !isSpace($0) } ?? length
    let last = (first..<length).last { !isSpace($0) } ?? first - 1
    return unsafe UnsafeRawBufferPointer(rebasing: buffer[first..<last + 1])
}

extension SecretKey {
    /// Lends the key's base64 in memory that is overwritten afterwards.
    func withBase64Text<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        // EVP_EncodeBlock(3) ends its text with a NUL.
        let size = (count + 2) / 3 * 4 + 1
        let text = unsafe KeyMemory(count: size) { memory in
            unsafe withUnsafeBytes { key in
                let start = unsafe memory.baseAddress?.assumingMemoryBound(to: UInt8.self)
                _ = unsafe EVP_EncodeBlock(start, key.baseAddress, CInt(key.count))
            }
        }
        return unsafe text.withUnsafeBytes { text in
            unsafe body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(text)[..<(size - 1)]))
        }
    }
}
