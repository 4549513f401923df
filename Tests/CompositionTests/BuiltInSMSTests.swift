import AuthEvents
import Challenges
import Composition
import Spend
import Testing

@Suite("The text of an SMS that comes with the product")
struct BuiltInSMSTests {
    private let code = Code(digits: "482913")

    @Test("is one segment of GSM-7, with a domain and without", arguments: Purpose.allCases)
    func oneSegment(purpose: Purpose) throws {
        let composer = try Composer()
        for domain in [nil, "accounts.cruddur.example.com"] {
            let brand = Brand(name: "Cruddur & Sons", domain: domain)
            let count = SegmentCount(composer.smsText(purpose: purpose, brand: brand, code: code))
            #expect(count.encoding == .gsm7)
            #expect(count.segments == 1)
        }
    }

    @Test("is one segment of UCS-2 where the brand needs it", arguments: Purpose.allCases.filter { $0 != .notice })
    func oneSegmentOfUCS2(purpose: Purpose) throws {
        let brand = Brand(name: "Łódź", domain: "lodz.example")
        let count = SegmentCount(try Composer().smsText(purpose: purpose, brand: brand, code: code))
        #expect(count.encoding == .ucs2)
        #expect(count.segments == 1)
    }

    @Test(
        "ends in the line that binds its code to the tenant's domain, after a blank line",
        arguments: Purpose.allCases.filter { $0 != .notice }
    )
    func originBound(purpose: Purpose) throws {
        let brand = Brand(name: "Cruddur", domain: "cruddur.com")
        let text = try Composer().smsText(purpose: purpose, brand: brand, code: code)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 3)
        #expect(lines.first?.contains("482913") == true)
        #expect(lines.dropFirst().first == "")
        #expect(lines.last == "@cruddur.com #482913")
    }

    @Test("has its code in one sentence and no other line where the tenant has no domain")
    func withoutDomain() throws {
        let text = try Composer().smsText(purpose: .mfa, brand: Brand(name: "Cruddur"), code: code)
        #expect(text == "482913 is your Cruddur sign-in code.")
    }

    @Test("of a notice has no code")
    func notice() throws {
        let brand = Brand(name: "Cruddur", domain: "cruddur.com")
        let text = try Composer().smsText(purpose: .notice, brand: brand, code: code)
        #expect(!text.contains("482913"))
    }

    @Test("has as many segments with any code of as many digits", arguments: Purpose.allCases)
    func anyCode(purpose: Purpose) throws {
        let composer = try Composer()
        let brand = Brand(name: String(repeating: "Ä", count: 30), domain: "example.com")
        let counts = ["000000", "111111", "987654"].map {
            SegmentCount(composer.smsText(purpose: purpose, brand: brand, code: Code(digits: $0)))
        }
        #expect(counts.allSatisfy { $0 == counts[0] })
    }
}
