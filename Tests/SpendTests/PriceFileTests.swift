import Clocks
import Spend
import Testing

private let header =
    "gateway,country,prefix,mcc,mnc,sender_type,unit_price,currency,fee,valid_from,valid_to,source"

private func read(_ lines: String..., file: String = "prices/a.csv") throws(PriceFileError) -> [PriceRow] {
    try readPriceFile(([header] + lines).joined(separator: "\n"), file: file)
}

private func problems(_ work: () throws(PriceFileError) -> Void) -> [String] {
    do {
        try work()
        return []
    } catch {
        return error.problems.map(\.description)
    }
}

@Suite("A price file")
struct PriceFileTests {
    @Test("gives the values of each row, and where it stands")
    func values() throws {
        let row = try #require(
            try read("twilio,BS,+1242,364,39,alphanumeric,0.0415,USD,0.003,2026-01-01,2026-12-31,list").first
        )
        #expect(row.gateway == "twilio" && row.country == "BS" && row.prefix == "1242")
        #expect(row.unit == 41_500 && row.fee == 3_000 && row.currency == Currency("USD"))
        #expect(row.validFrom == PriceDay("2026-01-01") && row.validTo == PriceDay("2026-12-31"))
        #expect(row.source == "list" && row.place == "prices/a.csv:2")
        #expect(row.isOfNetwork)
    }

    @Test("may leave empty what need not be said")
    func empties() throws {
        let rows = try read(",US,,,,,0,USD,,,,", ",,44,,,,1000,GBP,,,,")
        #expect(rows[0].country == "US" && rows[0].prefix == "" && rows[0].unit == 0 && rows[0].fee == 0)
        #expect(rows[0].validFrom == nil && rows[0].validTo == nil && !rows[0].isOfNetwork)
        #expect(rows[1].country == nil && rows[1].prefix == "44" && rows[1].unit == UnitPrice.limit)
    }

    @Test("is read with CRLF, a byte order mark, comments, blank lines and quotation marks")
    func forms() throws {
        let text =
            "\u{FEFF}# our prices\r\n\r\n\(header)\r\n  \t\r\n\"a \"\"b\"\", c\",US,1,,,,0.01,USD,,,,\"two\r\nlines\"\r\n"
            + "# end\r\n,GB,,,,,\"0.02\",GBP,,,,# no comment"
        let rows = try readPriceFile(text, file: "f")
        #expect(rows.map(\.gateway) == ["a \"b\", c", ""])
        #expect(rows.map(\.source) == ["two\r\nlines", "# no comment"])
        #expect(rows.map(\.line) == [5, 8])
    }

    @Test(
        "needs its header",
        arguments: ["", "\n\n", "# only a comment", "gateway,iso", "twilio,US,1,,,,1,USD,,,,", "\""]
    )
    func headerIsNeeded(text: String) {
        let found = problems { () throws(PriceFileError) in _ = try readPriceFile(text, file: "f") }
        #expect(found.count == 1)
        #expect(found.first?.hasSuffix(": the first line must be the header \(header)") == true)
    }

    @Test(
        "names what is wrong with a line",
        arguments: [
            (",US,1,,,,0.01,USD,,,", "the number of fields is 11, not 12"),
            (",US,1,,,,0,01,USD,,,,", "the number of fields is 13, not 12"),
            (",us,1,,,,0.01,USD,,,,", "country \"us\" is not two capital letters (ISO 3166-1)"),
            (",USA,1,,,,0.01,USD,,,,", "country \"USA\" is not two capital letters (ISO 3166-1)"),
            (",US,1-2,,,,0.01,USD,,,,", "prefix \"1-2\" is not 1 to 15 digits"),
            (",US,+,,,,0.01,USD,,,,", "prefix \"+\" is not 1 to 15 digits"),
            (",US,++1,,,,0.01,USD,,,,", "prefix \"++1\" is not 1 to 15 digits"),
            (",US,1234567890123456,,,,0.01,USD,,,,", "prefix \"1234567890123456\" is not 1 to 15 digits"),
            (",US,0044,,,,0.01,USD,,,,", "prefix \"0044\" begins with 0, as no number does after its +"),
            (
                ",,,,,,0.01,USD,,,,",
                "country and prefix are both empty; one of them must say for which numbers the price is"
            ),
            (",US,1,31,,,0.01,USD,,,,", "mcc \"31\" is not 3 digits"),
            (",US,1,310,x,,0.01,USD,,,,", "mnc \"x\" is not 1 to 3 digits"),
            (",US,1,,,,-0.01,USD,,,,", "unit_price \"-0.01\" is negative"),
            (",US,1,,,,0.01,USD,-1,,,", "fee \"-1\" is negative"),
            (",US,1,,,,,USD,,,,", "unit_price is empty"),
            (",US,1,,,,0.0000001,USD,,,,", "unit_price \"0.0000001\" has more than 6 decimals"),
            (",US,1,,,,1000.000001,USD,,,,", "unit_price \"1000.000001\" is above 1000 a segment"),
            (",US,1,,,,0.01,USD,1001,,,", "fee \"1001\" is above 1000 a segment"),
            (",US,1,,,,\"0,01\",USD,,,,", "unit_price \"0,01\" is not a decimal number such as 0.0079"),
            (",US,1,,,,1e-2,USD,,,,", "unit_price \"1e-2\" is not a decimal number such as 0.0079"),
            (",US,1,,,,0.01,usd,,,,", "currency \"usd\" is not three capital letters (ISO 4217)"),
            (",US,1,,,,0.01,,,,,", "currency \"\" is not three capital letters (ISO 4217)"),
            (",US,1,,,,0.01,USD,,2026-02-29,,", "valid_from \"2026-02-29\" is not a date such as 2026-11-21"),
            (",US,1,,,,0.01,USD,,,21.11.2026,", "valid_to \"21.11.2026\" is not a date such as 2026-11-21"),
            (
                ",US,1,,,,0.01,USD,,2026-03-02,2026-03-01,",
                "valid_to 2026-03-01 is before valid_from 2026-03-02"
            ),
            ("a\"b,US,1,,,,0.01,USD,,,,", "a quotation mark stands inside a field that does not begin with one"),
            (
                "\"a\"b,US,1,,,,0.01,USD,,,,",
                "a closing quotation mark is followed by text; a mark inside a field is written twice"
            ),
            (",US,1,,,,0.01,USD,,,,\"x", "a quotation mark is not closed"),
        ]
    )
    func wrongLines(line: String, reason: String) {
        let found = problems { () throws(PriceFileError) in _ = try read(",GB,,,,,1,GBP,,,,", line) }
        #expect(found == ["prices/a.csv:3: \(reason)"])
    }

    @Test("tells all that is wrong at once, up to twenty problems")
    func many() {
        let two = problems { () throws(PriceFileError) in
            _ = try read(",us,1,,,,-1,USD,,,,", ",US,1,,,,1,USD,,,,", "x")
        }
        #expect(
            two == [
                "prices/a.csv:2: country \"us\" is not two capital letters (ISO 3166-1)",
                "prices/a.csv:2: unit_price \"-1\" is negative",
                "prices/a.csv:4: the number of fields is 1, not 12",
            ]
        )
        let wrong = Array(repeating: "x", count: 30).joined(separator: "\n")
        #expect(throws: PriceFileError.self) { _ = try read(wrong) }
        let found = problems { () throws(PriceFileError) in _ = try read(wrong) }
        #expect(found.count == 20)
        #expect(found.last == "prices/a.csv:21: the number of fields is 1, not 12")
    }

    @Test("may be followed on its last day or on the day after, or at any time if it has none")
    func successions() throws {
        try checkPrices(
            read(
                ",US,1,,,,0.01,USD,,,2026-03-31,",
                ",US,1,,,,0.02,USD,,2026-03-31,2026-06-30,",
                ",US,1,,,,0.03,USD,,2026-07-01,,",
                ",US,1,,,,0.04,USD,,2027-01-01,,",
                ",US,1,,,long_code,0.05,USD,,2026-04-01,,",
                ",US,1,310,,,0.06,USD,,2026-04-01,,",
                ",,1,,,,0.07,USD,,2026-04-01,,",
                "twilio,US,1,,,,0.08,EUR,,2026-04-01,,"
            )
        )
    }

    @Test("may not overlap another or leave days between, each told with both places")
    func contradictions() throws {
        let first = try read(
            ",US,1,,,,0.01,USD,,2026-01-01,2026-06-30,",
            ",GB,44,,,,0.01,GBP,,2026-01-01,2026-06-30,",
            ",FR,33,,,,0.01,EUR,,,,",
            ",DE,49,,,,0.01,EUR,,2026-01-01,,"
        )
        let second = try read(
            ",US,1,,,,0.02,USD,,2026-06-29,,",
            ",GB,44,,,,0.02,GBP,,2026-07-02,,",
            ",FR,33,,,,0.02,EUR,,,2026-12-31,",
            ",DE,+49,,,,0.02,EUR,,2026-01-01,,",
            file: "prices/b.csv"
        )
        let found = problems { () throws(PriceFileError) in try checkPrices(second + first) }
        #expect(
            found == [
                "prices/b.csv:2: overlap: it begins on 2026-06-29, but prices/a.csv:2 is valid to 2026-06-30",
                "prices/b.csv:3: gap: it begins on 2026-07-02, but prices/a.csv:3 is valid only to 2026-06-30",
                "prices/b.csv:4: overlap: prices/a.csv:4 begins on the same day, valid_from empty in both",
                "prices/b.csv:5: overlap: prices/a.csv:5 begins on the same day, 2026-01-01",
            ]
        )
    }

    @Test("may not give one prefix prices in two currencies for the same days")
    func mixedCurrencies() throws {
        let mixed = try read(
            ",US,1,,,long_code,0.01,USD,,2026-01-01,2026-06-30,",
            ",US,1,,,alphanumeric,0.02,EUR,,2026-06-30,,"
        )
        let found = problems { () throws(PriceFileError) in try checkPrices(mixed) }
        #expect(
            found == [
                "prices/a.csv:3: the currency is EUR, but prices/a.csv:2 gives the same prefix a price in USD for the "
                    + "same days"
            ]
        )
        try checkPrices(
            read(
                ",US,1,,,long_code,0.01,USD,,2026-01-01,2026-06-30,",
                ",US,1,,,alphanumeric,0.02,EUR,,2026-07-01,,",
                ",US,1,310,,,0.02,GBP,,,,"
            )
        )
    }
}

@Suite("A day of a price")
struct PriceDayTests {
    @Test(
        "is the one of UTC in which the instant lies, before 1970 too",
        arguments: [
            ("2026-11-21T00:00:00Z", "2026-11-21"), ("2026-11-21T23:59:59.999Z", "2026-11-21"),
            ("2026-11-21T00:30:00+01:00", "2026-11-20"), ("1969-12-31T23:59:59Z", "1969-12-31"),
            ("1969-12-31T00:00:00Z", "1969-12-31"), ("2024-02-29T12:00:00Z", "2024-02-29"),
        ]
    )
    func days(instant: String, day: String) throws {
        let instant = try #require(Instant(rfc3339: instant))
        #expect(PriceDay(instant).description == day)
        #expect(PriceDay(day) == PriceDay(instant))
    }
}
