/// Why a text did not become a key.
///
/// Nothing of the text is told.
package enum SecretKeyError: Error, Equatable {
    /// The text is empty, or not base64 in its one canonical form.
    case notBase64
    /// The text is base64 of that many bytes, and the key must have a number within the range.
    case wrongCount(Int, allowed: ClosedRange<Int>)
    /// The descriptor gave more bytes than any key's text has.
    case tooLong(limit: Int)
    /// `read` failed with this `errno`.
    case unreadable(errno: CInt)
}

extension SecretKeyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notBase64:
            "The key was not read: its text is not base64. Write the key as base64 with padding, on one line."
        case .wrongCount(let count, let allowed) where allowed.count == 1:
            "The key was not read: it has \(count) bytes. Give one of \(allowed.lowerBound) bytes."
        case .wrongCount(let count, let allowed):
            "The key was not read: it has \(count) bytes. Give one of \(allowed.lowerBound) to \(allowed.upperBound) bytes."
        case .tooLong(let limit):
            "The key was not read: its text is longer than \(limit) bytes. Give a file that holds the key alone."
        case .unreadable(let errno):
            "The key was not read: reading failed with error \(errno) of the system. Check the file and its permissions."
        }
    }
}
