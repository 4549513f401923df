import AuthEvents
import Clocks
import Deliveries
import Spend
import TestSupport
import Testing

@Suite("A carrier's token")
struct CarrierTokenTests {
    private func token(fence: Int64 = 42) throws -> CarrierToken {
        let delivery = try #require(DeliveryID(bytes: [UInt8](0x10..<0x20)))
        return CarrierToken(epoch: [UInt8](0xf0...0xff), delivery: delivery, fence: fence)
    }

    @Test(
        "is read as it is written",
        arguments: [0, 1, 255, 256, 1_795_255_800_000, Int64.max, Int64.min, -1] as [Int64]
    )
    func roundTrip(fence: Int64) throws {
        let token = try token(fence: fence)
        #expect(CarrierToken(token.description) == token)
    }

    @Test("is written as base64url of epoch, delivery and fence")
    func text() throws {
        #expect(try token().description == "8PHy8_T19vf4-fr7_P3-_xAREhMUFRYXGBkaGxwdHh8AAAAAAAAAKg")
    }

    @Test("is not read when a character is missing, too much or of another alphabet")
    func damaged() throws {
        let text = try token().description
        for length in 0..<text.count { #expect(CarrierToken(String(text.prefix(length))) == nil) }
        for added in ["A", "AA", "AAA", "AAAA", "=", "==", " ", "\n", "\0", "\u{301}"] {
            #expect(CarrierToken(text + added) == nil)
            #expect(CarrierToken(added + text) == nil)
        }
        for bad in ["+", "/", "=", " ", ".", "é", "Ａ", "\0"] {
            for place in [0, 1, 20, text.count - 1] {
                #expect(CarrierToken(String(text.prefix(place)) + bad + String(text.dropFirst(place + 1))) == nil)
            }
        }
        #expect(CarrierToken(text.replacing("_", with: "/").replacing("-", with: "+")) == nil)
    }

    @Test("has one text only: a last character whose spare bits are set is not read")
    func canonical() throws {
        let text = try token().description
        #expect(text.hasSuffix("g"))
        for last in "hijklmnopqrstuv" { #expect(CarrierToken(text.dropLast() + String(last)) == nil) }
    }

    @Test("is another token when a character is another one")
    func changed() throws {
        let token = try token()
        let text = token.description
        for place in 0..<text.count - 1 {
            let index = text.index(text.startIndex, offsetBy: place)
            let replacement = text[index] == "B" ? "C" : "B"
            let changed = CarrierToken(text.replacingCharacters(at: index, with: replacement))
            #expect(changed != nil && changed != token)
        }
    }
}

extension String {
    fileprivate func replacingCharacters(at index: Index, with text: String) -> String {
        String(self[..<index]) + text + String(self[self.index(after: index)...])
    }
}

@Suite("A carrier token with a quote")
struct QuotedTokenTests {
    private func token(version: String = "d6a7c1df33e0") throws -> CarrierToken {
        var generator = SeededGenerator(seed: 3)
        let delivery = DeliveryID(at: Instant(milliseconds: 1), using: &generator)
        let amount = Money(micros: 41_500, currency: try #require(Currency("USD")))
        let quote = AttemptQuote(segments: 2, encoding: .ucs2, amount: amount, priceVersion: version)
        let signed = SignedQuote(quote: quote, signature: [UInt8](0..<16))
        return CarrierToken(epoch: [UInt8](0..<16), delivery: delivery, fence: 7, quote: signed)
    }

    @Test("is read as it was written", arguments: ["", "d6a7c1df33e0"])
    func roundTrip(version: String) throws {
        let token = try token(version: version)
        #expect(CarrierToken(token.description) == token)
    }

    @Test("cut anywhere is no token, or one of another quote or of none")
    func cut() throws {
        let token = try token()
        let text = token.description
        for length in 0..<text.count {
            let cut = CarrierToken(String(text.prefix(length)))
            #expect(cut == nil || cut?.quote != token.quote)
        }
    }

    @Test("agrees with the same count and price only")
    func agreement() throws {
        let quote = try #require(token().quote?.quote)
        let amount = quote.amount
        #expect(quote.agrees(segments: 2, encoding: .ucs2, amount: amount))
        #expect(!quote.agrees(segments: 1, encoding: .ucs2, amount: amount))
        #expect(!quote.agrees(segments: 2, encoding: .gsm7, amount: amount))
        #expect(!quote.agrees(segments: 2, encoding: .ucs2, amount: Money(micros: 41_501, currency: amount.currency)))
        let euro = try #require(Currency("EUR"))
        #expect(!quote.agrees(segments: 2, encoding: .ucs2, amount: Money(micros: 41_500, currency: euro)))
    }
}
