import CPhoneNumber
import PhoneNumbers
import Testing

@Suite("A phone number")
struct PhoneNumberTests {
    @Test(
        "is read as people write it",
        arguments: [
            ("+12423571234", nil), ("+1 (242) 357-1234", nil), ("+1.242.357.1234", nil), ("+1/242/357-1234", nil),
            ("  +1 242\u{a0}357\u{2011}1234 ", nil), ("\u{202a}+12423571234\u{202c}", nil), ("(+1) 242 357 1234", nil),
            ("++12423571234", nil), ("＋1 242 357 1234", nil), ("+١٢٤٢٣٥٧١٢٣٤", nil), ("+1 242 357 1234", "DE"),
            ("242 357 1234", "BS"), ("1 242 357 1234", "BS"), ("1-242-357-1234", "US"), ("011 1 242 357 1234", "US"),
            ("00 1 242 357 1234", "DE"), ("2423571234", "US"), ("+1242３571234", nil),
        ] as [(String, String?)]
    )
    func writing(text: String, region: String?) throws {
        let number = try PhoneNumber(text, defaultRegion: region)
        #expect(number.e164 == "+12423571234")
        #expect(number.countryCode == 1)
        #expect(number.region == "BS")
        #expect(number.kind == .mobile)
        #expect(number.isValid)
    }

    @Test("keeps the zeros that some countries dial from abroad")
    func leadingZeros() throws {
        #expect(try PhoneNumber("06 698 12345", defaultRegion: "IT").e164 == "+390669812345")
        #expect(try PhoneNumber("+39 06 698 12345").e164 == "+390669812345")
        #expect(try PhoneNumber("+33 (0)6 12 34 56 78").e164 == "+33612345678")
    }

    @Test(
        "has the region that its range is assigned to, where several share a calling code",
        arguments: [
            ("+12015550123", "US"), ("+15062345678", "CA"), ("+12423571234", "BS"), ("+18762101234", "JM"),
            ("+447400123456", "GB"), ("+447829123456", "JE"), ("+77012345678", "KZ"), ("+79123456789", "RU"),
            ("+390669812345", "VA"), ("+393123456789", "IT"), ("+38344123456", "XK"), ("+212650123456", "MA"),
        ]
    )
    func sharedCode(text: String, region: String) throws {
        #expect(try PhoneNumber(text).region == region)
    }

    @Test(
        "of no country has no region and the kind that the library tells",
        arguments: [
            ("+80012345678", 800, PhoneNumberKind.tollFree), ("+80812345678", 808, .sharedCost),
            ("+870301234567", 870, .mobile), ("+878101234567890", 878, .voip), ("+881612345678", 881, .mobile),
            ("+8823421234", 882, .mobile), ("+883510012345", 883, .voip), ("+88812345678901", 888, .uan),
            ("+979123456789", 979, .premiumRate),
        ]
    )
    func noCountry(text: String, code: Int, kind: PhoneNumberKind) throws {
        let number = try PhoneNumber(text)
        #expect(number.region == nil)
        #expect(number.countryCode == code)
        #expect(number.kind == kind)
        #expect(number.isValid)
    }

    @Test(
        "outside of all assigned ranges is read as not valid and of unknown kind",
        arguments: [
            ("+76012345678", nil), ("+3540061234", "IS"), ("+49112", "DE"), ("+15550123", nil),
            ("+88213300123456", nil), ("+850 51 234 567", "KP"), ("+1 242 111 1111", "BS"),
        ] as [(String, String?)]
    )
    func unassigned(text: String, region: String?) throws {
        let number = try PhoneNumber(text)
        #expect(!number.isValid)
        #expect(number.kind == .unknown)
        #expect(number.region == region)
    }

    @Test(
        "is written so that it is read as itself, even where a prefix stands behind a prefix",
        arguments: [
            ("+43 00 448901", "+43448901", nil), ("+4900 4601 995237", "+494601995237", nil),
            ("00 269334/64", "+5526933464", "BR"), ("119239710261", "+529239710261", "MX"),
        ] as [(String, String, String?)]
    )
    func prefixes(text: String, e164: String, region: String?) throws {
        let number = try PhoneNumber(text, defaultRegion: region)
        #expect(number.e164 == e164)
        #expect(try PhoneNumber(e164) == number)
    }

    @Test("is equal to the same number written otherwise")
    func equality() throws {
        let written = try Set(["+12423571234", "+1 242-357-1234"].map { try PhoneNumber($0) })
        #expect(written.count == 1)
        #expect(try PhoneNumber("+12423571234") != PhoneNumber("+12423571235"))
    }

    @Test("has one of the library's kinds, in snake case")
    func kinds() {
        let names = [
            "fixed_line", "mobile", "fixed_or_mobile", "toll_free", "premium_rate", "shared_cost", "voip",
            "personal_number", "pager", "uan", "voicemail", "unknown",
        ]
        #expect(PhoneNumberKind.allCases.map(\.rawValue) == names)
    }

    @Test("has rules for regions in two capital letters", arguments: ["BS", "US", "DE", "XK", "AC", "TA", "KP"])
    func regions(code: String) {
        #expect(isRegion(code))
    }

    @Test("has rules for the regions of libphonenumber and no others")
    func regionsOfTheLibrary() {
        let letters = (0x41...0x5a).map { String(UnicodeScalar($0)) }
        for code in letters.flatMap({ first in letters.map { first + $0 } }) {
            #expect(isRegion(code) == cphone_is_region(code), "\(code)")
        }
    }

    @Test(
        "has no rules for other regions",
        arguments: [
            "", "B", "bs", "Bs", "BSX", "BHS", "001", "ZZ", "XX", "UK", "EU", "AQ", "B\0", "BS\0", "ÄÖ", "ßS", "+1",
        ]
    )
    func otherRegions(code: String) {
        #expect(!isRegion(code))
    }

    @Test("is read with data whose version and day are known")
    func dataVersion() throws {
        #expect(
            try /^[0-9]+(\.[0-9]+)+ of 20[0-9]{2}-[0-9]{2}-[0-9]{2}$/.wholeMatch(in: PhoneNumber.dataVersion) != nil
        )
    }
}
