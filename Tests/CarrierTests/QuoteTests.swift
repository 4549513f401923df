import Carrier
import Deliveries
import Spend
import TestSupport
import Testing

@Suite("The gate, for what costs money,", .timeLimit(.minutes(12)))
struct QuoteTests {
    struct Line: Sendable, CustomTestStringConvertible {
        var text: String
        var unit: Int64 = 7900
        var fee: Int64 = 0
        var segments: Int64
        var encoding = "GSM-7"
        var amount: String
        var testDescription: String { "\(text.count) characters: \(segments) × (\(unit) + \(fee))" }
    }

    static let table = [
        Line(text: "Your code is 482913", segments: 1, amount: "0.0079"),
        Line(text: String(repeating: "a", count: 160), segments: 1, amount: "0.0079"),
        Line(text: String(repeating: "a", count: 161), segments: 2, amount: "0.0158"),
        Line(text: String(repeating: "ż", count: 70), segments: 1, encoding: "UCS-2", amount: "0.0079"),
        Line(text: String(repeating: "ż", count: 71), fee: 3000, segments: 2, encoding: "UCS-2", amount: "0.0218"),
        Line(text: String(repeating: "a", count: 307), unit: 1, fee: 1, segments: 3, amount: "0.000006"),
    ]

    @Test("begins with its own count and price of the text, whatever the server counted", arguments: table)
    func countsItself(line: Line) async throws {
        let counter = Counter(isPriced: true)
        let price = Counter.price(unit: line.unit, fee: line.fee, segments: 9)
        await counter.carrying {
            counter.office.put([counter.textMessage("t1", text: line.text, price: price)])
            _ = await counter.office.outcomes(1)
        }
        let quote = try #require(counter.office.beginItems.first?.quote)
        #expect(quote.segments == line.segments)
        #expect(quote.encoding == line.encoding)
        #expect(quote.amount.amount == line.amount)
        #expect(quote.amount.currency.description == "USD")
        #expect(counter.gateway.taken == ["t1"])
    }

    @Test(
        "hands over nothing and settles nothing where the server counted otherwise or has no money left",
        arguments: ["mismatch", "over_budget", "expired", "paused"]
    )
    func stops(answer: String) async throws {
        let office = StubPostOffice { tokens in tokens.map { $0 == "last" ? "go" : answer } }
        let counter = Counter(office: office, connections: 1, isPriced: true)
        await counter.carrying {
            counter.office.put([counter.textMessage("first", text: "a"), counter.textMessage("last", text: "a")])
            _ = await counter.office.outcomes(1)
        }
        #expect(counter.gateway.taken == ["last"])
        #expect(counter.office.outcomes.map(\.token) == ["last"])
    }

    @Test("gives back what has no price, or one that no sum can be made of, without beginning it")
    func needsPrice() async throws {
        let counter = Counter(isPriced: true)
        await counter.carrying {
            counter.office.put([
                counter.textMessage("none", text: "a", price: nil),
                counter.textMessage("huge", text: "a", price: Counter.price(unit: .max, fee: 1)),
            ])
            _ = await counter.office.outcomes(2)
        }
        let expected = HandOver(.released, code: "no_price", retryAfter: .seconds(30))
        #expect(counter.office.outcomes.map(\.handOver) == [expected, expected])
        #expect(counter.office.begun.isEmpty)
        #expect(counter.gateway.taken.isEmpty)
    }

    @Test("asks for no price where a message costs nothing")
    func mailsAreFree() async throws {
        let counter = Counter()
        await counter.carrying {
            counter.office.put([counter.claim("t1")])
            _ = await counter.office.outcomes(1)
        }
        #expect(counter.office.beginItems == [BeginItem(token: "t1")])
        #expect(counter.gateway.taken == ["t1"])
    }
}
