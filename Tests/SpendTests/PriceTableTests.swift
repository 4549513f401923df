import Clocks
import Spend
import TestSupport
import Testing

private let header =
    "gateway,country,prefix,mcc,mnc,sender_type,unit_price,currency,fee,valid_from,valid_to,source"

private func rows(_ lines: [String], file: String = "p.csv") throws(PriceFileError) -> [PriceRow] {
    let rows = try readPriceFile(([header] + lines).joined(separator: "\n"), file: file)
    try checkPrices(rows)
    return rows
}

private func at(_ text: String) throws -> Instant {
    try #require(Instant(rfc3339: text.contains("T") ? text : "\(text)T12:00:00Z"))
}

extension PriceTable {
    fileprivate func micros(
        _ number: String,
        _ country: String?,
        gateway: String = "main",
        kind: String = "twilio",
        on day: String = "2026-11-21"
    ) throws -> Int64? {
        price(of: number, country: country, gateway: gateway, kind: kind, at: try at(day))?.unit
    }
}

@Suite("A price table")
struct PriceTableTests {
    private static let precedence = [
        ",,1,,,,0.01,USD,,,,",
        ",,1242,,,,0.02,USD,,,,",
        ",BS,1242,,,,0.03,USD,,,,",
        ",US,,,,,0.04,USD,,,,",
        "twilio,,1,,,,0.05,USD,,,,",
        "twilio,US,,,,,0.06,USD,,,,",
        "main,GB,44,,,,0.07,GBP,,,,",
        "main,,124235,,,,0.08,USD,,,,",
        "twilio,,12425,,,,0.09,USD,,,,",
        ",BS,12426,,,,0.10,USD,,2026-01-01,,",
        ",,12426,,,,0.11,USD,,2026-02-01,,",
        ",,447,,,,0.12,GBP,,,,",
    ]

    @Test(
        "takes the name before the kind before any, then the longest prefix, then the latest, then the country",
        arguments: [
            ("+12423571234", "BS", "main", "twilio", 80_000), ("+12424571234", "BS", "main", "twilio", 50_000),
            ("+12425571234", "BS", "main", "twilio", 90_000), ("+12423571234", "BS", "other", "twilio", 50_000),
            ("+12423571234", "BS", "other", "vonage", 30_000), ("+12423571234", nil, "other", "vonage", 20_000),
            ("+12423571234", "US", "other", "vonage", 20_000), ("+12025550123", "US", "other", "vonage", 10_000),
            ("+12025550123", "US", "other", "twilio", 50_000), ("+12426571234", "BS", "other", "vonage", 110_000),
            ("+447700900123", "GB", "main", "twilio", 70_000), ("+447700900123", "GB", "other", "twilio", 120_000),
            ("+442079460000", "GB", "other", "twilio", nil), ("+33612345678", "FR", "main", "twilio", nil),
            ("+33612345678", "US", "main", "vonage", 40_000), ("+33612345678", "US", "main", "twilio", 60_000),
            ("+12423571234", "BS", "twilio", "smpp", 50_000),
        ] as [(String, String?, String, String, Int64?)]
    )
    func order(number: String, country: String?, gateway: String, kind: String, unit: Int64?) throws {
        let table = PriceTable(rows: try rows(Self.precedence))
        #expect(try table.micros(number, country, gateway: gateway, kind: kind) == unit)
        let turned = PriceTable(rows: try rows(Self.precedence.reversed()))
        #expect(try turned.micros(number, country, gateway: gateway, kind: kind) == unit)
    }

    @Test(
        "counts days in UTC, the first and the last included, and a later row ends an open one",
        arguments: [
            ("2025-12-31T23:59:59.999Z", nil), ("2026-01-01T00:00:00Z", 10_000), ("2026-03-31T23:59:59.999Z", 10_000),
            ("2026-04-01T00:00:00Z", 20_000), ("2026-04-01T01:00:00+02:00", 10_000), ("2026-09-30T12:00:00Z", 20_000),
            ("2026-10-01T00:00:00Z", 30_000), ("2026-12-31T23:59:59Z", 30_000), ("2027-01-01T00:00:00Z", nil),
        ] as [(String, Int64?)]
    )
    func days(instant: String, unit: Int64?) throws {
        let table = PriceTable(
            rows: try rows([
                ",US,1,,,,0.01,USD,,2026-01-01,2026-03-31,",
                ",US,1,,,,0.02,USD,,2026-04-01,,",
                ",US,1,,,,0.03,USD,,2026-10-01,2026-12-31,",
            ])
        )
        #expect(try table.micros("+12025550123", "US", on: instant) == unit)
    }

    @Test("falls back to a shorter prefix, and to the kind, on days when the longer one does not hold")
    func fallback() throws {
        let table = PriceTable(
            rows: try rows([
                ",,1,,,,0.01,USD,,,,", "twilio,,1242,,,,0.02,USD,,,2026-06-30,", "main,,1242,,,,0.03,USD,,2027-01-01,,",
            ])
        )
        #expect(try table.micros("+12423571234", "BS", on: "2026-06-30") == 20_000)
        #expect(try table.micros("+12423571234", "BS", on: "2026-07-01") == 10_000)
        #expect(try table.micros("+12423571234", "BS", on: "2027-01-01") == 30_000)
    }

    @Test("takes the dearest of several sender types, the fee counted in")
    func senderTypes() throws {
        let table = PriceTable(
            rows: try rows([
                ",US,1,,,long_code,0.03,USD,,2026-05-01,,", ",US,1,,,short_code,0.02,USD,0.02,2026-01-01,,",
                ",US,1,,,toll_free,0.01,USD,,,2026-12-31,", ",US,1,,,,0.05,USD,,2027-01-01,,",
            ])
        )
        let price = try #require(
            table.price(of: "+12025550123", country: "US", gateway: "m", kind: "k", at: try at("2026-11-21"))
        )
        #expect(price.unit == 20_000 && price.fee == 20_000)
        #expect(try table.micros("+12025550123", "US", on: "2025-12-31") == 10_000)
        #expect(try table.micros("+12025550123", "US", on: "2027-01-01") == 50_000)
    }

    @Test("takes the dearest network of a prefix only where no other row of the prefix holds")
    func networks() throws {
        let table = PriceTable(
            rows: try rows([
                ",IN,91,404,01,,0.03,USD,,,,", ",IN,91,404,02,,0.05,USD,,,,",
                ",IN,91,,,,0.04,USD,,2026-01-01,2026-06-30,",
                ",IN,,,,,0.01,USD,,,,",
            ])
        )
        #expect(try table.micros("+919876543210", "IN", on: "2025-12-31") == 50_000)
        #expect(try table.micros("+919876543210", "IN", on: "2026-06-30") == 40_000)
        #expect(try table.micros("+919876543210", "IN", on: "2026-07-01") == 50_000)
    }

    @Test("has the price of the unpriced for all else, if there is one")
    func unpriced() throws {
        let lines = try rows([",US,1,,,,0.01,EUR,,,,"])
        let table = PriceTable(rows: lines, unpriced: Money("0.20 USD"))
        let price = try #require(
            table.price(of: "+33612345678", country: "FR", gateway: "m", kind: "k", at: try at("2026-11-21"))
        )
        #expect(price.amount(segments: 2) == Money("0.40 USD"))
        #expect(price.version == table.version)
        #expect(try table.micros("+12025550123", "US") == 10_000)
        #expect(try PriceTable(rows: lines).micros("+33612345678", "FR") == nil)
        #expect(try PriceTable.empty.micros("+12025550123", "US") == nil)
        #expect(try PriceTable(rows: lines, unpriced: Money("1000.01 USD")).micros("+33612345678", "FR") == nil)
    }

    @Test("has one version for the same rows in any files and order, and another for any other")
    func version() throws {
        let lines = [
            ",US,1,,,,0.01,USD,,,,", ",GB,44,,,,0.02,GBP,0.01,2026-01-01,2026-12-31,list", "a,FR,,,,,0.03,EUR,,,,",
        ]
        let table = PriceTable(rows: try rows(lines))
        let turned = PriceTable(
            rows: try rows([lines[2]], file: "z") + rows(["# one", lines[1], "", lines[0]], file: "a")
        )
        #expect(turned.version == table.version)
        #expect(table.version == "eba51be80c96")
        var versions: Set = [table.version, PriceTable.empty.version]
        let others = try [
            PriceTable(rows: rows(lines), unpriced: Money("0.20 USD")),
            PriceTable(rows: rows(lines), unpriced: Money("0.20 EUR")),
            PriceTable(rows: rows(Array(lines.dropLast()))),
            PriceTable(rows: rows([",US,1,,,,0.011,USD,,,,", lines[1], lines[2]])),
            PriceTable(rows: rows([",US,1,,,,0.01,USD,0.001,,,", lines[1], lines[2]])),
            PriceTable(rows: rows([",US,1,,,,0.01,USD,,2026-01-01,,", lines[1], lines[2]])),
            PriceTable(rows: rows([",US,1,,,,0.01,USD,,,2026-01-01,", lines[1], lines[2]])),
            PriceTable(rows: rows([",US,1,,,x,0.01,USD,,,,", lines[1], lines[2]])),
            PriceTable(rows: rows([",US,1,310,,,0.01,USD,,,,", lines[1], lines[2]])),
        ].map(\.version)
        #expect(others.allSatisfy { versions.insert($0).inserted })
        #expect(versions.allSatisfy { $0.utf8.count == 12 })
    }

    @Test("tells the currencies that may come up, each with a place, without those of rows that are over")
    func currencies() throws {
        let table = PriceTable(
            rows: try rows([
                ",US,1,,,,0.01,USD,,,,", "twilio,GB,44,,,,0.02,GBP,,,2026-06-30,",
                "main,FR,33,,,,0.03,EUR,,2027-01-01,,",
                "other,DE,49,,,,0.03,CHF,,,,", "main,JP,81,,,,5,JPY,,2025-01-01,,",
                "main,JP,81,,,,0.05,USD,,2026-01-01,,",
            ]),
            unpriced: Money("0.20 CAD")
        )
        func found(_ gateways: [(name: String, kind: String)], _ day: String) throws -> [String] {
            table.currencies(ofGateways: gateways, from: try at(day)).map { "\($0.currency) \($0.place)" }
        }
        #expect(
            try found([("main", "twilio")], "2026-06-30") == [
                "CAD prices.unpriced", "EUR p.csv:4", "GBP p.csv:3", "USD p.csv:7",
            ]
        )
        #expect(
            try found([("main", "twilio")], "2026-07-01") == ["CAD prices.unpriced", "EUR p.csv:4", "USD p.csv:7"]
        )
        #expect(
            try found([("x", "vonage"), ("other", "http")], "2026-11-21") == [
                "CAD prices.unpriced", "CHF p.csv:5", "USD p.csv:2",
            ]
        )
        #expect(try found([], "2026-11-21") == [])
    }

    @Test("finds the same as a look at every row does", arguments: UInt64(1)...4)
    func naive(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var lines: Set<String> = []
        for _ in 0..<120 {
            let gateway = ["main", "twilio", ""].randomElement(using: &generator) ?? ""
            let digits = (1...3).map { _ in String(Int.random(in: 1...2, using: &generator)) }.joined()
            let prefix = digits.prefix(Int.random(in: 1...3, using: &generator))
            lines.insert("\(gateway),,\(prefix),,,,0.0\(Int.random(in: 10...99, using: &generator)),USD,,,,")
        }
        var keys: Set<String> = []
        let priced = try rows(lines.sorted().filter { keys.insert($0.components(upTo: 3)).inserted })
        let table = PriceTable(rows: priced)
        for _ in 0..<500 {
            let number = (1...6).map { _ in String(Int.random(in: 1...3, using: &generator)) }.joined()
            let best = priced.filter { number.hasPrefix($0.prefix) }
                .max { ($0.rank, $0.prefix.count) < ($1.rank, $1.prefix.count) }
            #expect(try table.micros("+\(number)", nil) == best?.unit, "\(number)")
        }
    }
}

extension String {
    fileprivate func components(upTo count: Int) -> String {
        split(separator: ",", omittingEmptySubsequences: false).prefix(count).joined(separator: ",")
    }
}

extension PriceRow {
    fileprivate var rank: Int { ["", "twilio", "main"].firstIndex(of: gateway) ?? 0 }
}

@Suite("The price of a segment")
struct UnitPriceTests {
    @Test("counts price and fee for each segment, and does not overflow at its bounds")
    func amount() throws {
        let currency = try #require(Currency("USD"))
        let price = try #require(UnitPrice(unit: 7_900, fee: 3_000, currency: currency, version: "v"))
        #expect(price.amount(segments: 3) == Money(micros: 32_700, currency: currency))
        let limit = UnitPrice.limit
        let dearest = try #require(UnitPrice(unit: limit, fee: limit, currency: currency, version: "v"))
        #expect(dearest.amount(segments: 4_000_000_000).micros == 8_000_000_000_000_000_000)
        #expect(UnitPrice(unit: limit + 1, fee: 0, currency: currency, version: "v") == nil)
        #expect(UnitPrice(unit: 0, fee: limit + 1, currency: currency, version: "v") == nil)
        #expect(UnitPrice(unit: -1, fee: 0, currency: currency, version: "v") == nil)
        #expect(UnitPrice(unit: 0, fee: -1, currency: currency, version: "v") == nil)
    }
}
