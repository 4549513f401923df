import Testing

@testable import TOML

@Suite("A TOML document")
struct TOMLParsingTests {
    @Test(
        "has values of every type",
        arguments: [
            (#""a\t\u00e9""#, .string("a\té")), (#"'c:\d'"#, .string(#"c:\d"#)), ("\"\"", .string("")),
            ("\"\"\"\na\n b\"\"\"", .string("a\n b")), ("'''a'b'''", .string("a'b")),
            ("0", .integer(0)), ("-17", .integer(-17)), ("1_000", .integer(1000)), ("0xff", .integer(255)),
            ("0o17", .integer(15)), ("0b11", .integer(3)), ("9223372036854775807", .integer(.max)),
            ("1.0", .float(1)), ("-2.5e3", .float(-2500)), ("inf", .float(.infinity)),
            ("true", .boolean(true)), ("false", .boolean(false)),
            ("2026-11-21T10:00:00Z", .dateTime("2026-11-21T10:00:00Z")),
            ("2026-11-21 10:00:00.5+01:00", .dateTime("2026-11-21T10:00:00.5+01:00")),
            ("2026-11-21", .dateTime("2026-11-21")), ("10:00:00", .dateTime("10:00:00")),
            ("[]", .array([])), ("{}", .table(TOMLTable(members: []))),
        ] as [(String, TOMLValue)]
    )
    func types(text: String, value: TOMLValue) throws {
        #expect(try TOMLTable(parsing: "v = " + text)["v"] == TOMLNode(value: value, line: 1, column: 5))
    }

    @Test("without content is an empty table", arguments: ["", "\n", "# a comment", " \t\r\n"])
    func empty(text: String) throws {
        #expect(try TOMLTable(parsing: text).members.isEmpty)
    }

    @Test("keeps the members in the order of the file, and knows where keys and values stand")
    func order() throws {
        let table = try TOMLTable(parsing: "z = 1\n  a = [2,\n  3]\n[m]\nq = \"é\"   \n\"l b\" = { y = 1, x = 2 }\n")
        #expect(table.members.map(\.key) == ["z", "a", "m"])
        #expect(table.members.map(\.line) == [1, 2, 4])
        #expect(table.members.map(\.column) == [1, 3, 2])
        guard case .array(let elements) = table["a"]?.value, case .table(let m) = table["m"]?.value,
            case .table(let inline) = m["l b"]?.value
        else {
            Issue.record("\(table)")
            return
        }
        #expect(elements.map(\.line) == [2, 3] && elements.map(\.column) == [8, 3])
        #expect(m["q"]?.line == 5 && m["q"]?.column == 5)
        #expect(inline.members.map(\.key) == ["y", "x"] && inline.members.map(\.column) == [11, 18])
    }

    @Test("gathers an array of tables, each entry at its own header")
    func arrayOfTables() throws {
        let table = try TOMLTable(parsing: "[[g]]\nname = 'b'\n\n[[g]]\nname = 'a'\n[g.sub]\nx = 1\n")
        guard case .array(let entries) = table["g"]?.value else {
            Issue.record("\(table)")
            return
        }
        #expect(entries.map(\.line) == [1, 4])
        let names = entries.map { entry -> TOMLValue? in
            guard case .table(let entry) = entry.value else { return nil }
            return entry["name"]?.value
        }
        #expect(names == [.string("b"), .string("a")])
        guard case .table(let last) = entries[1].value else { return }
        #expect(last.members.map(\.key) == ["name", "sub"])
    }

    @Test("nests the tables of dotted keys and headers")
    func dotted() throws {
        let table = try TOMLTable(parsing: "a.b.c = 1\nx = 2\na.\"d.e\" = 3\n[h.i]\nj = 4\n")
        #expect(table.members.map(\.key) == ["a", "x", "h"])
        guard case .table(let a) = table["a"]?.value, case .table(let b) = a["b"]?.value else {
            Issue.record("\(table)")
            return
        }
        #expect(a.members.map(\.key) == ["b", "d.e"])
        #expect(b["c"] == TOMLNode(value: .integer(1), line: 1, column: 9))
        #expect(a["nothing"] == nil)
    }

    @Test("may end its lines as Windows does and begin with a byte order mark")
    func lineEndings() throws {
        let table = try TOMLTable(parsing: "\u{FEFF}a = 1\r\nb = 2\r\n")
        #expect(table.members.map(\.key) == ["a", "b"])
        #expect(table["b"]?.line == 2)
    }
}

@Suite("One TOML value")
struct TOMLValueTests {
    @Test("is parsed with columns that count from its beginning")
    func value() throws {
        let node = try TOMLNode(parsingValue: "[\"a\", {k = 1}]")
        guard case .array(let elements) = node.value, case .table(let table) = elements[1].value else {
            Issue.record("\(node)")
            return
        }
        #expect(node.column == 1 && elements.map(\.column) == [2, 7])
        #expect(elements[0].value == .string("a"))
        #expect(table.members[0].column == 8 && table["k"] == TOMLNode(value: .integer(1), line: 1, column: 12))
    }

    @Test(
        "is refused where it goes wrong",
        arguments: [("", 1), ("[1, x]", 5), ("12x", 3), ("1\nb = 2", 1), ("1\r\nb = 2", 1), ("1 2", 3)]
    )
    func refused(text: String, column: Int) {
        let error = #expect(throws: TOMLError.self) { try TOMLNode(parsingValue: text) }
        #expect(error?.line == 1)
        #expect(error?.column == column)
    }
}
