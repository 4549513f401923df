private import COpenSSL

extension KeyMemory {
    /// HKDF with SHA-256 (RFC 5869), from this memory into new one.
    borrowing func derive(info: [UInt8], salt: [UInt8], count: Int) -> KeyMemory {
        unsafe withUnsafeBytes { key in
            unsafe KeyMemory(count: count) { output in
                guard let key = key.baseAddress, let start = output.baseAddress else { return }
                let derived = unsafe shim_hkdf_sha256(
                    key,
                    self.count,
                    salt,
                    salt.count,
                    info,
                    info.count,
                    start.assumingMemoryBound(to: UInt8.self),
                    output.count
                )
                precondition(derived, "OpenSSL derives a key of \(count) bytes")
            }
        }
    }
}
