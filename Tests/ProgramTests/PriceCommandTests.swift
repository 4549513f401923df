import Foundation
import JSON
import SQLite
import Spend
import Testing

@Suite("gatepost price", .timeLimit(.minutes(12)))
struct PriceCommandTests {
    fileprivate static let settings = InstallationSettings(
        tables: [
            "[sandbox]\nenabled = true", "[[tenants]]\nname = \"shop\"\ndefault_country = \"BS\"",
            "[countries]\nallow = [\"US\", \"BS\"]", "[prices]\nfiles = [\"tariff.csv\"]",
        ]
    )
    fileprivate static let tariff = """
        gateway,country,prefix,mcc,mnc,sender_type,unit_price,currency,fee,valid_from,valid_to,source
        ,US,,,,,0.0079,USD,0.003,,,
        ,BS,,,,,0.0415,USD,,,,
        ,GB,,,,,0.04,USD,,,,

        """

    fileprivate static func withPrices(_ body: (Installation) async throws -> Void) async throws {
        try await Installation.make(settings) { post in
            try Data(tariff.utf8).write(to: URL(filePath: post.path("tariff.csv")))
            try await body(post)
        }
    }

    @Test("works in a new installation with no setting touched, and without a server")
    func untouched() async throws {
        try await Installation.make(.sandbox) { post in
            let folder = post.path("new")
            #expect(try await post.gatepost("init", folder).code == 0)
            let config = ["--config", folder + "/gatepost.toml"]
            let run = try await post.run("gatepost", ["price", "+12015550123", "--text", "hello"] + config)
            #expect(run.code == 0)
            #expect(run.output.contains("+12015550123") && run.output.contains("GSM-7, 5 units, 1 segment"))
            #expect(run.output.contains("allowed       yes"))
            let answer = try await post.run(
                "gatepost",
                ["price", "--json", "+12015550123", "--text", "hello"] + config
            )
            #expect(answer.json["allowed"] == true)
            #expect(answer.json["amount"]?.string != nil)
            let again = try await post.gatepost("init", folder)
            #expect(again.code == 1)
            #expect(FileManager.default.fileExists(atPath: folder + "/prices/start.csv"))
        }
    }

    @Test("prints the shape of the contract with --json")
    func shape() async throws {
        try await Self.withPrices { post in
            let run = try await post.gatepost("price", "+1 201-555-0123", "--text", "hello", "--json")
            #expect(run.code == 0)
            let json = run.json
            for (name, value) in [
                ("number", "+12015550123"), ("valid", true), ("country", "US"), ("type", "fixed_or_mobile"),
                ("allowed", true), ("reason", nil), ("encoding", "GSM-7"), ("units", 5), ("segments", 1),
                ("unit_price", "0.0079"), ("fee", "0.003"), ("amount", "0.0109"), ("currency", "USD"),
            ] as [(String, JSONValue)] {
                #expect(json[name] == value, "\(name)")
            }
            #expect(json["price_version"]?.string?.isEmpty == false)
            let text = try await post.gatepost("price", "--text", "привет", "--json")
            #expect(text.json == ["encoding": "UCS-2", "units": 6, "segments": 1])
        }
    }

    @Test("reads a national number with the country of the tenant")
    func tenant() async throws {
        try await Self.withPrices { post in
            let national = try await post.gatepost("price", "(242) 359-1234", "--tenant", "shop", "--json")
            #expect(national.json["number"] == "+12423591234")
            #expect(national.json["unit_price"] == "0.0415")
            let stranger = try await post.gatepost("price", "(242) 359-1234", "--tenant", "nobody")
            #expect(stranger.code == 1)
            #expect(stranger.complaint.contains("nobody"))
        }
    }

    @Test("answers a number that is not written to with 0, reason and what to change, and what is no number with 1")
    func refused() async throws {
        try await Self.withPrices { post in
            let run = try await post.gatepost("price", "+447400123456", "--text", "hello")
            #expect(run.code == 0)
            #expect(run.output.contains("no, country") && run.output.contains("countries.allow"))
            let json = try await post.gatepost("price", "+447400123456", "--text", "hello", "--json").json
            #expect(json["allowed"] == false && json["reason"] == "country" && json["segments"] == 1)
            let unreadable = try await post.gatepost("price", "12", "--text", "hello", "--json")
            #expect(unreadable.code == 1)
            #expect(unreadable.complaint.contains("too few digits"))
            #expect(unreadable.json["number"] == JSONValue.null)
        }
    }

    @Test("answers each line of a file in order, names the lines that ask nothing, and then ends with 1")
    func file() async throws {
        try await Self.withPrices { post in
            let lines = [
                #"{"number":"+12015550123","text":"hello"}"#, "no json", #"{"text":"€"}"#, "",
                #"{"number":"359-1234","text":"a","tenant":"nobody"}"#, #"{"number":"(242) 359-1234","tenant":"shop"}"#,
                #"{"number":"12"}"#, #"{"phone":"+12015550123"}"#, "{}", #"{"number":5}"#,
            ]
            try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: post.path("lines.ndjson")))
            let run = try await post.gatepost("price", "--file", "lines.ndjson", "--json")
            #expect(run.code == 1)
            let answers = try run.output.split(separator: "\n").map { try JSONValue(parsing: [UInt8]($0.utf8)) }
            #expect(answers.map { $0["number"] } == ["+12015550123", nil, "+12423591234", JSONValue.null])
            #expect(answers.map { $0["units"] } == [5, 2, JSONValue.null, JSONValue.null])
            for line in [2, 5, 8, 9, 10] { #expect(run.complaint.contains("lines.ndjson:\(line): "), "\(line)") }
            for line in [1, 3, 4, 6, 7] { #expect(!run.complaint.contains("lines.ndjson:\(line): "), "\(line)") }
            let table = try await post.gatepost("price", "--file", "lines.ndjson")
            #expect(table.output.split(separator: "\n").count == 5)
        }
    }

    @Test("ends with 0 where every line of a file was answered, an unreadable number with an answer too")
    func wholeFile() async throws {
        try await Self.withPrices { post in
            let lines = (10_000..<13_000).map { #"{"number":"+1201555\#("\($0)".dropFirst())","text":"a"}"# }
            let text = (lines + [#"{"number":"x"}"#]).joined(separator: "\r\n")
            try Data(text.utf8).write(to: URL(filePath: post.path("all.ndjson")))
            let run = try await post.gatepost("price", "--file", "all.ndjson", "--json")
            #expect(run.code == 0)
            #expect(run.output.split(separator: "\n").count == 3001)
            #expect(try await post.gatepost("price", "--file", "nowhere.ndjson").code == 1)
        }
    }

    @Test(
        "ends with 2 for wrong words, and with 78 for a price table with faults",
        arguments: [
            ["price"], ["price", "--file", "a", "+12015550123"], ["price", "--file", "a", "--text", "b"],
            ["price", "+12015550123", "more"], ["ledger"], ["ledger", "burn"], ["ledger", "verify", "--partial"],
            ["spend", "--by", "colour"], ["spend", "--month", "2026-13"], ["spend", "--to", "2026-11-21"],
            ["spend", "--month", "2026-11", "--from", "2026-11-01"], ["ledger", "export", "--from", "yesterday"],
        ]
    )
    func wrongWords(words: [String]) async throws {
        try await Installation.make(Self.settings) { post in
            let run = try await post.run("gatepost", words)
            #expect(run.code == 2)
            #expect(run.output.isEmpty)
            try Data((Self.tariff + ",XX,,,,,0.01,USD,,,,\n").utf8).write(to: URL(filePath: post.path("tariff.csv")))
            let faulty = try await post.gatepost("price", "+12015550123")
            #expect(faulty.code == 78)
            #expect(faulty.complaint.contains("tariff.csv:5"))
        }
    }
}

@Suite("gatepost spend and ledger, of a server", .timeLimit(.minutes(12)))
struct SpendCommandTests {
    /// Runs a server with its workers, and has messages taken by the sandbox: 2 to BS, 1 to US that is verified.
    private func withSpend(_ body: (Installation) async throws -> Void) async throws {
        try await PriceCommandTests.withPrices { post in
            _ = try await post.up()
            for number in ["+12423591234", "+12423591235", "+12015550123"] {
                #expect(try await post.gatepost("emit", "mfa", "--phone", number).code == 0)
            }
            let items = try await eventually("three messages in the sandbox") {
                let items = try await post.gatepost("sandbox", "list", "--json").json["items"]?.array ?? []
                return items.count == 3 ? items : nil
            }
            let message = try #require(items.first { $0["to"] == "+12015550123" })
            let challenge =
                try await post.delivery(try #require(message["delivery"]?.string))["challenge"]?.string ?? ""
            let verified = try await post.gatepost("verify", challenge, message["code"]?.string ?? "")
            #expect(verified.code == 0)
            try await body(post)
        }
    }

    @Test("tells what was sent, what it is estimated at, and what a verified code cost")
    func spend() async throws {
        try await withSpend { post in
            let table = try await post.gatepost("spend")
            #expect(table.code == 0)
            let lines = table.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
            #expect(lines.count == 5)
            #expect(lines.contains { $0.first == "BS" && $0.contains("0.083") && $0.last == "-" })
            #expect(lines.contains { $0.first == "US" && $0[1...3] == ["1", "1", "0.0109"] && $0.last == "0.0109" })
            #expect(lines.last?.first == "total" && lines.last?[1] == "3" && lines.last?.contains("0.0939") == true)
            let json = try await post.gatepost("spend", "--from", "2020-01-01", "--by", "tenant,gateway", "--json").json
            #expect(json["rows"]?.array?.count == 1)
            #expect(json["rows"]?.array?.first?["gateway"] == "sandbox-sms")
            #expect(json["rows"]?.array?.first?["verified"] == 1)
            #expect(try await post.gatepost("spend", "--month", "2020-02").output == "no spend in 2020-02")
            let list = try await post.gatepost("list", "--country", "BS")
            #expect(list.output.contains("0.0415 USD") && !list.output.contains("0.0109 USD"))
        }
    }

    @Test("exports what verifies, overwrites nothing, and names an entry that was edited under the server")
    func export() async throws {
        try await withSpend { post in
            let export = try await post.gatepost("ledger", "export", "--output", "ledger.ndjson")
            #expect(export.code == 0)
            let before = FileManager.default.contents(atPath: post.path("ledger.ndjson"))
            #expect(before?.filter { $0 == 0x0a }.count == 6)
            let again = try await post.gatepost("ledger", "export", "--csv", "--output", "ledger.ndjson")
            #expect(again.code == 1)
            #expect(FileManager.default.contents(atPath: post.path("ledger.ndjson")) == before)
            #expect(try await post.gatepost("ledger", "verify", "ledger.ndjson").code == 0)
            let whole = try await post.gatepost("ledger", "verify")
            #expect(whole.code == 0)
            #expect(whole.output.hasPrefix("the ledger is whole: 6 entries, ends at 6 of "))
            let none = try await post.gatepost("ledger", "export", "--from", "2020-01-01", "--to", "2020-01-02")
            #expect(none.code == 0 && none.output.isEmpty)
            let locked = try await post.gatepost("ledger", "verify", "data/gatepost.db")
            #expect(locked.code == 1 && locked.complaint.contains("a server has the database"))

            let other = try Connection(path: post.path("data/gatepost.db"), access: .readWrite)
            try other.execute("PRAGMA busy_timeout = 10000; UPDATE ledger SET amount = 1 WHERE sequence = 3")
            for words in [["ledger", "verify"], ["ledger", "verify", "--json"]] {
                let run = try await post.run("gatepost", words)
                #expect(run.code == 1)
                #expect(run.complaint.contains("Entry 3 of writer"))
            }
        }
    }

    @Test("exports more entries than a page holds, each once and in order, as NDJSON and as CSV with one header")
    func pages() async throws {
        try await PriceCommandTests.withPrices { post in
            let server = try await post.server()
            server.terminate()
            await server.exitCode()
            let chain = try LedgerCommandTests.chain(10_001)
            var connection = try Connection(path: post.path("data/gatepost.db"), access: .readWrite)
            try connection.execute("BEGIN")
            for entry in chain { try connection.insert(entry) }
            try connection.execute("COMMIT")
            _ = try await post.server()
            let export = try await post.gatepost("ledger", "export")
            #expect(
                export.output
                    == chain.map { String(decoding: LedgerText.ndjson($0).dropLast(), as: UTF8.self) }
                    .joined(separator: "\n")
            )
            let csv = try await post.gatepost("ledger", "export", "--csv", "--output", "ledger.csv")
            #expect(csv.code == 0)
            let expected = LedgerText.csvHeader + chain.flatMap(LedgerText.csv)
            #expect(FileManager.default.contents(atPath: post.path("ledger.csv")).map { [UInt8]($0) } == expected)
        }
    }
}
