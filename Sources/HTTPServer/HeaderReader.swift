import CMicroHTTPD

/// Gathers the header fields in one pass and checks that the library read the octets as they stand.
///
/// libmicrohttpd 0.9.75 glues a folded line to the *name* of its field, takes a bare LF for a line end, and cuts names
/// and values at NUL: each hides octets that another reader sees, which is all that request smuggling needs. But it
/// parses in place, so that in a sound header each name starts right behind the CR LF of the line before. Anything that
/// was folded, cut or ended otherwise leaves a gap.
@safe struct HeaderReader {
    private(set) var headers = Headers()
    private(set) var malformation: Rejection.Malformation?
    /// Where the next line must start.
    private var cursor: UnsafePointer<CChar>
    private let checksLayout: Bool

    /// Later versions of the library have strict rules of their own and another layout.
    static let knowsLayout = unsafe String(cString: MHD_get_version()).hasPrefix("0.9.7")

    /// Reads the request line, which the library has split in place.
    init(method: UnsafePointer<CChar>, target: UnsafePointer<CChar>, targetLength: Int, version: UnsafePointer<CChar>) {
        checksLayout = Self.knowsLayout
        unsafe cursor = version + strlen(version) + 2
        headers.reserveCapacity(12)
        guard checksLayout else { return }
        let isSound = unsafe target == method + strlen(method) + 1 && version == target + targetLength + 1
        if !isSound { malformation = .layout }
    }

    /// Reads all fields of a connection; the header must end where the library says it does.
    mutating func read(_ connection: OpaquePointer, from start: UnsafePointer<CChar>) {
        unsafe withUnsafeMutablePointer(to: &self) { reader in
            // The loan of the reader ends when this call returns.
            _ = unsafe MHD_get_connection_values_n(
                connection,
                .HEADER_KIND,
                { reader, _, name, nameLength, value, valueLength in
                    guard let reader = unsafe reader, let name = unsafe name else { return .NO }
                    let field = unsafe reader.assumingMemoryBound(to: HeaderReader.self)
                    unsafe field.pointee.append(
                        name: UnsafeBufferPointer(start: name, count: nameLength),
                        value: UnsafeBufferPointer(start: value, count: valueLength)
                    )
                    return unsafe field.pointee.malformation == nil ? .YES : .NO
                },
                reader
            )
        }
        guard checksLayout, malformation == nil else { return }
        if unsafe cursor + 2 != start + cmhd_header_size(connection) { malformation = .layout }
    }

    private mutating func append(name: UnsafeBufferPointer<CChar>, value: UnsafeBufferPointer<CChar>) {
        guard let nameStart = name.baseAddress, let valueStart = value.baseAddress else { return }
        if checksLayout {
            guard unsafe nameStart == cursor else {
                malformation = .layout
                return
            }
            unsafe cursor = valueStart + value.count + 2
        }
        let nameOctets = UnsafeRawBufferPointer(name)
        guard unsafe !nameOctets.isEmpty && nameOctets.allSatisfy(Token.contains) else {
            malformation = .fieldName
            return
        }
        let valueOctets = UnsafeRawBufferPointer(value)
        guard unsafe valueOctets.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            malformation = .fieldValue
            return
        }
        let length = unsafe (valueOctets.lastIndex { $0 != 0x20 && $0 != 0x09 } ?? -1) + 1
        let field = unsafe Headers.Field(
            name: String(decoding: nameOctets, as: UTF8.self),
            value: String(decoding: UnsafeRawBufferPointer(rebasing: valueOctets[..<length]), as: UTF8.self)
        )
        // The library compares the coding with its trailing blanks, and then reads until the connection ends.
        if length < value.count, field.name.lowercased() == "transfer-encoding" {
            malformation = .transferEncoding
            return
        }
        headers.append(field)
    }
}
