/// Why a text was not read as a phone number.
package enum PhoneNumberError: Error, Equatable, CustomStringConvertible, CaseIterable {
    /// No digits in the shape of a number, control characters, or more than one number.
    case notANumber
    /// Vanity numbers, and words around a number.
    case hasLetters
    case hasExtension
    /// Neither + and a calling code that is assigned, nor a region to read a national number in.
    case unknownCountry
    case tooShort
    /// Too many digits for the country or for E.164, or a text of more than 32 bytes.
    case tooLong
    /// Numbers of the country are shorter or longer, but not of this length.
    case wrongLength

    package var description: String {
        switch self {
        case .notANumber: "The text is not a phone number; give +, the calling code of the country and the number."
        case .hasLetters: "The phone number has letters; give digits instead, and no words around them."
        case .hasExtension: "The phone number has an extension; give the number without it."
        case .unknownCountry: "The country of the phone number is not known; begin it with + and a calling code."
        case .tooShort: "The phone number has too few digits; give all that are dialled from abroad."
        case .tooLong: "The phone number has too many digits or signs; give the number alone."
        case .wrongLength: "The phone number has a digit too few or too many for its country; look it up."
        }
    }
}
