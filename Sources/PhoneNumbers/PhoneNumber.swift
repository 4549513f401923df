private import CPhoneNumber

/// A telephone number as one dials it from anywhere, with what Google's libphonenumber knows of it.
///
/// Reading blocks for microseconds; the first time in a process for some milliseconds.
package struct PhoneNumber: Sendable, Hashable {
    /// The number in ITU-T E.164: +, the calling code and up to 15 digits in all, as in `+12423571234`.
    package let e164: String
    /// The calling code, as in `1`; several regions may share one.
    package let countryCode: Int
    /// The region in ISO 3166, as in `BS`; nil where the number belongs to no country or to none that is known.
    package let region: String?
    /// What the number is for; `unknown` where it is not valid.
    package let kind: PhoneNumberKind
    /// Whether the number lies in an assigned range; somebody may or may not have it.
    package let isValid: Bool

    /// Reads a number that is written as people write them: with spaces, brackets, hyphens, digits of any script.
    ///
    /// `defaultRegion` reads a national number as one of this region, and what its people dial before an
    /// international one (`00`, `011`) as +. Without it only numbers with + are read.
    ///
    /// - Throws: ``PhoneNumberError`` where the text is no number, or none whose length is possible.
    package init(_ text: String, defaultRegion: String? = nil) throws(PhoneNumberError) {
        guard text.utf8.count <= Self.maximumLength else { throw .tooLong }
        let scalars = text.unicodeScalars
        guard !scalars.contains(where: { $0.isIn(.control) }), scalars.contains(where: { $0.isIn(.decimalNumber) })
        else {
            throw .notANumber
        }
        var number = cphone_number()
        let region = defaultRegion.flatMap { isRegion($0) ? $0 : nil }
        let fate = unsafe cphone_read(text, region ?? "ZZ", &number)
        if number.has_extension { throw .hasExtension }
        // The library passes over words before a number and signs after it, and dials letters.
        let rest = scalars.filter { !$0.isOfNumbers }
        guard rest.isEmpty else { throw rest.contains(where: \.properties.isAlphabetic) ? .hasLetters : .notANumber }
        switch fate {
        case CPHONE_READ: break
        case CPHONE_UNKNOWN_COUNTRY: throw .unknownCountry
        case CPHONE_TOO_SHORT: throw .tooShort
        case CPHONE_TOO_LONG: throw .tooLong
        case CPHONE_WRONG_LENGTH: throw .wrongLength
        case CPHONE_NO_MEMORY: fatalError("out of memory for a phone number")
        default: throw .notANumber
        }
        e164 = unsafe withUnsafeBytes(of: number.e164) { unsafe string(in: $0) }
        countryCode = Int(number.country_code)
        let owner = unsafe withUnsafeBytes(of: number.region) { unsafe string(in: $0) }
        self.region = ["ZZ", "001"].contains(owner) ? nil : owner
        kind = PhoneNumberKind(number.kind)
        isValid = number.is_valid
    }

    /// A number of a mobile phone of a region, which is nobody's, or of another kind where there is none; `nil` for a
    /// region that has no numbers.
    package static func example(of region: String) -> PhoneNumber? {
        var number = cphone_number()
        guard isRegion(region), unsafe cphone_example(region, &number) else { return nil }
        return try? PhoneNumber(unsafe withUnsafeBytes(of: number.e164) { unsafe string(in: $0) })
    }

    /// In bytes of UTF-8: the longest number with its signs is shorter.
    private static let maximumLength = 32

    /// The version of the loaded data and the day when its file was made, as in `8.12 of 2022-11-24`, or `unknown`.
    ///
    /// The library itself does not tell: this is what the name and the date of its file say.
    package static let dataVersion: String = {
        let version = unsafe String(cString: cphone_data_version())
        return version.isEmpty ? "unknown" : version
    }()
}

extension PhoneNumberKind {
    fileprivate init(_ kind: cphone_kind) {
        self =
            switch kind {
            case CPHONE_FIXED_LINE: .fixedLine
            case CPHONE_MOBILE: .mobile
            case CPHONE_FIXED_OR_MOBILE: .fixedOrMobile
            case CPHONE_TOLL_FREE: .tollFree
            case CPHONE_PREMIUM_RATE: .premiumRate
            case CPHONE_SHARED_COST: .sharedCost
            case CPHONE_VOIP: .voip
            case CPHONE_PERSONAL_NUMBER: .personalNumber
            case CPHONE_PAGER: .pager
            case CPHONE_UAN: .uan
            case CPHONE_VOICEMAIL: .voicemail
            default: .unknown
            }
    }
}

extension Unicode.Scalar {
    /// The digits of ASCII, which nearly all numbers are made of, and the sign before them.
    private var isPlain: Bool { ("0"..."9").contains(self) || self == "+" }

    /// Asks the tables for what is not plain only.
    fileprivate func isIn(_ category: Unicode.GeneralCategory) -> Bool {
        isPlain ? category == .decimalNumber && self != "+" : properties.generalCategory == category
    }

    /// Whether it is a digit or one of the signs that stand in numbers.
    fileprivate var isOfNumbers: Bool {
        if isPlain { return true }
        return switch properties.generalCategory {
        case .decimalNumber, .dashPunctuation, .openPunctuation, .closePunctuation, .spaceSeparator, .format: true
        default: "+＋./．／~∼⁓～−ー".unicodeScalars.contains(self)
        }
    }
}

/// The text before the first NUL.
private func string(in bytes: UnsafeRawBufferPointer) -> String {
    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
}
