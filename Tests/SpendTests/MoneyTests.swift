import Spend
import TestSupport
import Testing

@Suite("Money")
struct MoneyTests {
    @Test(
        "is written with at least two places and as many of six as it takes",
        arguments: [
            (0, "0.00"), (1, "0.000001"), (10, "0.00001"), (7_900, "0.0079"), (200_000, "0.20"), (1_000_000, "1.00"),
            (50_000_000, "50.00"), (1_234_567, "1.234567"), (-3_600, "-0.0036"), (-1_500_000, "-1.50"),
            (Int64.max, "9223372036854.775807"), (Int64.min, "-9223372036854.775808"),
        ] as [(Int64, String)]
    )
    func isWritten(micros: Int64, text: String) {
        #expect(Money.text(micros: micros) == text)
    }

    @Test(
        "is read from digits with up to six places",
        arguments: [
            ("0", 0), ("7", 7_000_000), ("0.0079", 7_900), ("0.20", 200_000), ("0.2", 200_000), ("007.5", 7_500_000),
            ("0.000001", 1), ("999999999999.999999", 999_999_999_999_999_999),
        ] as [(String, Int64)]
    )
    func isRead(text: String, micros: Int64) {
        #expect(Money.micros(text) == micros)
    }

    @Test(
        "is not read from anything else",
        arguments: [
            "", ".", "1.", ".5", "-1", "+1", "1,5", "1.2.3", "0.0000001", "1e3", " 1", "1 ", "0x1", "٣", "NaN",
            "1000000000000",
        ]
    )
    func isRefused(text: String) {
        #expect(Money.micros(text) == nil)
    }

    @Test("is read again as it was written", arguments: UInt64(1)...4)
    func roundTrip(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let digits = Int.random(in: 0...17, using: &generator)
            let bound = (0..<digits).reduce(Int64(1)) { bound, _ in bound * 10 }
            let micros = Int64.random(in: 0...bound, using: &generator)
            #expect(Money.micros(Money.text(micros: micros)) == micros)
        }
    }

    @Test("carries its currency, written after a space")
    func currency() throws {
        let money = try #require(Money("50.00 USD"))
        #expect(money.micros == 50_000_000)
        #expect(money.currency == Currency("USD"))
        #expect(money.amount == "50.00")
        #expect(money.description == "50.00 USD")
        for text in ["50.00", "USD", "50.00USD", "50.00 usd", "50.00 US", "50.00 USDT", "-1 USD", "1 USD EUR"] {
            #expect(Money(text) == nil, "\(text)")
        }
    }
}
