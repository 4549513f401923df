/// Why a document was not read.
///
/// Offsets count bytes from 0; no reason quotes the document, a pointer holds names of its members.
package enum JSONError: Error, Equatable {
    /// The bytes are not JSON (RFC 8259), or hold a number that neither `Int64` nor a finite `Double` can.
    case malformed(offset: Int, reason: String)
    /// An object has two members of one name; the offset is that of the second name's quote.
    case duplicateKey(pointer: JSONPointer, offset: Int)
    /// The value at the pointer stands in as many containers as the limit allows, and is one itself.
    case tooDeep(limit: Int, offset: Int, pointer: JSONPointer)
    /// The offset is that of the first byte that cannot belong to a character.
    case invalidUTF8(offset: Int)
}

extension JSONError {
    /// Where reading stopped, in bytes from 0.
    package var offset: Int {
        switch self {
        case .malformed(let offset, _), .duplicateKey(_, let offset), .tooDeep(_, let offset, _),
            .invalidUTF8(let offset):
            offset
        }
    }
}

extension JSONError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let offset, let reason):
            "The JSON was not read: \(reason) at byte \(offset). Correct it there."
        case .duplicateKey(let pointer, let offset):
            "The JSON was not read: \(pointer) appears a second time at byte \(offset). Give each name once."
        case .tooDeep(let limit, let offset, _):
            "The JSON was not read: at byte \(offset) it is nested deeper than \(limit) levels. Make it flatter."
        case .invalidUTF8(let offset):
            "The JSON was not read: byte \(offset) is not UTF-8. Encode the document as UTF-8."
        }
    }
}
