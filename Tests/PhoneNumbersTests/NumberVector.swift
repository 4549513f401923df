import Foundation
import JSON
import PhoneNumbers

/// What libphonenumber says of a number, written down elsewhere with a release of its own.
struct NumberVector: Sendable, CustomStringConvertible {
    let input: String
    let defaultRegion: String?
    let tag: String
    /// The library's own word where it cannot parse the text.
    let parseError: String?
    let hasExtension: Bool
    let isPossible: Bool
    let isValid: Bool
    let e164: String?
    let countryCode: Int64?
    let region: String?
    let type: String?

    var description: String { "\(tag) \(input) \(defaultRegion ?? "")" }

    struct Unreadable: Error {}

    static func all() throws -> [NumberVector] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Vectors/phone-numbers.json")
        let document = try JSONValue(parsing: [UInt8](Data(contentsOf: file)))
        return try (document.array ?? []).map { try NumberVector($0) }
    }

    /// Those that rules of 2022 and rules of today agree on.
    static func lasting() throws -> [NumberVector] {
        try all().filter { vector in !OlderReading.all.contains { $0.input == vector.input } }
    }

    private init(_ value: JSONValue) throws {
        guard let input = value["input"]?.string, let tag = value["tag"]?.string,
            let parses = value["parses"]?.bool, let isPossible = value["possible"]?.bool,
            let isValid = value["valid"]?.bool, parses == (value["parse_error"] == nil)
        else { throw Unreadable() }
        (self.input, self.tag, self.isPossible, self.isValid) = (input, tag, isPossible, isValid)
        defaultRegion = value["default_region"]?.string
        parseError = value["parse_error"]?.string
        hasExtension = value["extension"]?.string != nil
        e164 = value["e164"]?.string
        countryCode = value["country_code"]?.int
        region = value["region"]?.string
        type = value["type"]?.string
    }

    /// What reading it must come to, where that is no number.
    var refusals: Set<PhoneNumberError> {
        if input.utf8.count > 32 { return [.tooLong] }
        switch parseError {
        case "NOT_A_NUMBER": return [.notANumber]
        case "INVALID_COUNTRY_CODE": return [.unknownCountry]
        case "TOO_SHORT_NSN", "TOO_SHORT_AFTER_IDD": return [.tooShort]
        case "TOO_LONG": return [.tooLong]
        default: break
        }
        if hasExtension { return [.hasExtension] }
        return isPossible ? [] : [.tooShort, .tooLong, .wrongLength]
    }
}
