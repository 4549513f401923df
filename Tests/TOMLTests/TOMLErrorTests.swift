import Testing

@testable import TOML

@Suite("A text that is not TOML")
struct TOMLErrorTests {
    @Test(
        "is refused at the line where it goes wrong",
        arguments: [
            ("a = 1\nb", 2), ("a = 1\nb = 1\na = 2\n", 3), ("[t]\nx = 1\n\n[t]\ny = 2", 4), ("a = 1\na.b = 2", 2),
            ("\n\na = 2026-13-01", 3), ("a = \"x", 1), ("a = 'x\ny'", 1), ("a = 1\nb = [1,\n2,\n,3]", 4),
            ("a = 1 2", 1),
            ("a = 01", 1), ("a = 1__0", 1), ("a = 99999999999999999999", 1), ("a = 1e999", 1), ("a = \"\\q\"", 1),
            ("a = \"\\uD800\"", 1), ("a = \"\u{1}\"", 1), ("a = 1\u{0}", 1), ("[a", 1), ("[]", 1), ("= 1", 1),
            ("a = True", 1),
            ("a = {b = 1, b = 2}", 1), ("a = [1", 1),
        ]
    )
    func lines(text: String, line: Int) {
        let error = #expect(throws: TOMLError.self) { try TOMLTable(parsing: text) }
        #expect(error?.line == line)
        #expect((error?.column ?? 0) > 0)
        #expect(error?.reason.isEmpty == false)
    }

    @Test("is refused at the second of two equal keys")
    func duplicateKey() {
        let error = #expect(throws: TOMLError.self) { try TOMLTable(parsing: "a = 1\nlong = 2\nlong = 3\n") }
        // The library looks at the key when it has reached the value.
        #expect(error?.line == 3 && error?.column == 8)
        #expect(error?.description.hasPrefix("3:8: ") == true)
    }

    /// Each holds the letters of a password or the digits of a pin in a place that the library likes to quote.
    @Test(
        "is not quoted in the reason",
        arguments: [
            "p = hunter", "p = \"hunter", "p = 'hunter", "p = \"x\" hunter", "hunter", "hunter = 1\nhunter = 2",
            "[hunter]\n[hunter]", "p = 4711471147114711471147", "p = 4711e4711", "p = 0x47114711471147114711",
            "p = 4711hunter",
            "p = \"\\hunter\"", "p = truehunter", "p = [hunter]", "p = { hunter", "p = {a = 1}\np.hunter = 2",
            "p = 4711-47-11", "p = 4711:00:00", "p = '''hunter", "p = \"\"\"hunter", "hunter = 1\n[hunter.x]",
            "[[hunter]]\n[hunter]",
            "p = inf4711", "p = 1.4711.4711", "[p]]hunter", "p = '\u{1}hunter'",
            "\"hunter'expected 'hunter\" = 1\n\"hunter'expected 'hunter\" = 2",
            "p = 1.47114711471147114711471147114711471147114711471147114711471147114711471147114711z",
        ]
    )
    func secrets(text: String) {
        let error = #expect(throws: TOMLError.self) { try TOMLTable(parsing: text) }
        #expect(error?.reason.contains("hunter") == false && error?.reason.contains("4711") == false)
    }

    @Test("keeps the grammar's own words in the reason")
    func words() {
        let error = #expect(throws: TOMLError.self) { try TOMLTable(parsing: "[a b]") }
        #expect(error?.reason == "Error while parsing table header: expected ']'")
    }

    @Test(
        "because it is a hundred thousand levels deep is refused and exhausts nothing",
        arguments: [
            String(repeating: "a.", count: 100_000) + "a = 1", "[" + String(repeating: "a.", count: 100_000) + "a]",
            "[[" + String(repeating: "'a' . ", count: 100_000) + "a]]", "a = " + String(repeating: "[", count: 100_000),
            "a = " + String(repeating: "{a = ", count: 100_000),
            "a = {" + String(repeating: "b.", count: 100_000) + "b = 1}",
            "a = [\"\"\"x\"\"\"\", {" + String(repeating: "b.", count: 100_000) + "b = 1}]",
            "a = ['''x''''', {" + String(repeating: "b.", count: 100_000) + "b = 1}]",
        ]
    )
    func deep(text: String) {
        #expect(throws: TOMLError.self) { try TOMLTable(parsing: text) }
    }

    @Test("because of a long key is refused at its seventeenth part")
    func longKey() throws {
        let sixteen = String(repeating: "a.", count: 15) + "a"
        #expect(try TOMLTable(parsing: "b = 1\n\(sixteen) = 1").members.count == 2)
        let error = #expect(throws: TOMLError.self) { try TOMLTable(parsing: "b = 1\n\(sixteen).a = 1") }
        #expect(error?.line == 2 && error?.column == 32)
    }

    @Test("is not what has many dots in texts, comments and numbers")
    func dotsElsewhere() throws {
        let dots = String(repeating: ".", count: 100)
        let numbers = Array(repeating: "0.5", count: 100).joined(separator: ", ")
        let text = """
            a = "\(dots)" # \(dots)
            b = '\(dots)'
            c = \"\"\"\(dots)
            \(dots)\\\"\"\"\"\"\"
            d = '''
            \(dots)'''''
            e = [\(numbers)]
            """
        #expect(try TOMLTable(parsing: text).members.map(\.key) == ["a", "b", "c", "d", "e"])
    }
}
