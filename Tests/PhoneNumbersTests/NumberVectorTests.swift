import PhoneNumbers
import Testing

@Suite("A number of the vectors")
struct NumberVectorTests {
    @Test("is read as the library reads it, or refused", arguments: try NumberVector.lasting())
    func reading(vector: NumberVector) throws {
        let refusals = vector.refusals
        guard refusals.isEmpty else {
            let error = #expect(throws: PhoneNumberError.self) {
                try PhoneNumber(vector.input, defaultRegion: vector.defaultRegion)
            }
            #expect(error.map { refusals.contains($0) } == true)
            return
        }
        let number = try PhoneNumber(vector.input, defaultRegion: vector.defaultRegion)
        #expect(number.e164 == vector.e164)
        #expect(Int64(number.countryCode) == vector.countryCode)
        #expect(number.region == (vector.region == "001" ? nil : vector.region))
        #expect(number.isValid == vector.isValid)
        #expect(number.kind.rawValue == (vector.type == "fixed_line_or_mobile" ? "fixed_or_mobile" : vector.type))
    }

    @Test("whose rules have changed since 2022 is read by the rules of 2022", arguments: OlderReading.all)
    func older(reading: OlderReading) {
        #expect(reading.reading() == reading.outcome)
    }

    @Test("is the same number when its E.164 form is read again", arguments: try NumberVector.all())
    func again(vector: NumberVector) throws {
        guard let number = try? PhoneNumber(vector.input, defaultRegion: vector.defaultRegion) else { return }
        #expect(try PhoneNumber(number.e164) == number)
    }

    @Test("comes from a file that has them all")
    func file() throws {
        #expect(try NumberVector.all().count == 354)
    }
}
