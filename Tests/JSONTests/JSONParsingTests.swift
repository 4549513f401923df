import Testing

@testable import JSON

private func parse(_ text: String, depth: Int = 32) throws(JSONError) -> JSONValue {
    try JSONValue(parsing: Array(text.utf8), depth: depth)
}

@Suite("A JSON document")
struct JSONParsingTests {
    @Test(
        "gives the value it stands for",
        arguments: [
            ("null", .null),
            (" true\n", true),
            ("false", false),
            ("0", 0),
            ("-0", 0),
            ("-0.0", .number(-0.0)),
            ("1", .integer(1)),
            ("1.0", .number(1)),
            ("1e2", .number(100)),
            ("1E-2", .number(0.01)),
            ("9223372036854775807", .integer(.max)),
            ("-9223372036854775808", .integer(.min)),
            ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)),
            ("5e-324", .number(.leastNonzeroMagnitude)),
            ("1e-999", .number(0)),
            ("\"\"", ""),
            ("\"é\u{1F600}\"", "é\u{1F600}"),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
            (#""\u00e9\uD83D\uDE00\uFFFF""#, "é\u{1F600}\u{FFFF}"),
            (#""a\u0000b""#, "a\0b"),
            ("\"\u{7f}\u{2028}\"", "\u{7f}\u{2028}"),
            ("[]", []),
            ("[1,[2,[]],{}]", [1, [2, []], [:]]),
            ("{\"\":1,\"a\":{\"b\":[null]}}", ["": 1, "a": ["b": [nil]]]),
            (" \t\r\n[ 1 , 2 ] ", [1, 2]),
        ] as [(String, JSONValue)]
    )
    func good(text: String, value: JSONValue) throws {
        #expect(try parse(text) == value)
    }

    @Test("keeps the sign of a zero with a fraction")
    func negativeZero() throws {
        #expect(try parse("-0.0").double?.sign == .minus)
    }

    @Test(
        "is refused at the byte where it stops being one",
        arguments: [
            ("", 0), (" ", 1), ("nul", 3), ("nulL", 3), ("True", 0), ("tru e", 3), ("undefined", 0), ("NaN", 0),
            ("Infinity", 0), ("-Infinity", 1), ("'a'", 0), ("{a:1}", 1), ("[1,]", 3), ("[,1]", 1), ("[1,,2]", 3),
            ("[1 2]", 3), ("[1 true]", 3), ("[1 false]", 3), ("[1 null]", 3), ("[1 \"ab\"]", 3), ("[1 -2.5]", 3),
            ("[", 1), ("[1", 2), ("[1,", 3), ("]", 0), ("{", 1), ("}", 0), ("{\"a\"", 4), ("{\"a\":", 5),
            ("{\"a\":1", 6), ("{\"a\":1,", 7), ("{\"a\":1,}", 7), ("{\"a\" 1}", 5), ("{\"a\":}", 5), ("{1:2}", 1),
            ("{,}", 1), ("[}", 1), ("{\"a\":1]", 6), ("1 2", 2), ("{} {}", 3), ("[]]", 2), ("1,", 1), ("01", 1),
            ("-01", 2), ("+1", 0), (".5", 0), ("1.", 2), ("[1.]", 3), ("1e", 2), ("1e+", 3), ("-", 1), ("--1", 1),
            ("0x1F", 1), ("1_000", 1), ("\"", 1), ("\"abc", 4), (#""\x""#, 2), (#""\u12G4""#, 5), (#""\u12""#, 5),
            ("\"\u{0}\"", 1), ("\"a\u{1f}\"", 2), ("\"\n\"", 1), ("// a\n1", 0), ("/* a */ 1", 0), ("1 // a", 2),
            (#""\uD800""#, 7), (#""\uD800\u0041""#, 12), (#""\uDC00""#, 6), (#""\uD800\uD800""#, 12),
            ("\u{FEFF}1", 0), ("1\u{FEFF}", 1), ("\u{a0}1", 0), ("[1]\0", 3), ("1\0x", 1), ("\0", 0), ("\0{}", 0),
            ("9223372036854775808", 0), ("-9223372036854775809", 0), ("18446744073709551616", 0), ("1e999", 0),
            ("[1, -1e999]", 4), ("{\"a\" : 99999999999999999999}", 7), ("[0,18446744073709551615]", 3),
        ]
    )
    func bad(text: String, offset: Int) {
        let error = #expect(throws: JSONError.self) { try parse(text) }
        guard case .malformed(offset, _) = error else {
            Issue.record("\(String(describing: error)) instead of malformed at \(offset)")
            return
        }
    }

    @Test(
        "is refused at the first byte that is not UTF-8 within a string",
        arguments: [
            ([0xff], 1), ([0x80], 1), ([0x61, 0xc0, 0xaf], 2), ([0xc1, 0xbf], 1), ([0xe0, 0x80, 0xaf], 2),
            ([0xed, 0xa0, 0x80], 2), ([0xed, 0xbf, 0xbf], 2), ([0xf0, 0x80, 0x80, 0xaf], 2),
            ([0xf4, 0x90, 0x80, 0x80], 2), ([0xf5, 0x80, 0x80, 0x80], 1), ([0xc3, 0x28], 2), ([0xe2, 0x82], 3),
            ([0xf0, 0x9f, 0x98], 4),
        ] as [([UInt8], Int)]
    )
    func notUTF8(bytes: [UInt8], offset: Int) {
        let document = [0x22] + bytes + [0x22]
        #expect(throws: JSONError.invalidUTF8(offset: offset)) { try JSONValue(parsing: document) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    }

    @Test(
        "is never quoted in the reason for its refusal",
        arguments: ["[\"hunter2\" x]", "hunter2", "\"hunter2\\x", "1.hunter2"]
    )
    func reasonKeepsSecrets(text: String) {
        let error = #expect(throws: JSONError.self) { try parse(text) }
        #expect(error?.description.contains("hunter2") == false)
        guard case .malformed(_, let reason) = error else { return }
        #expect(!reason.isEmpty && !reason.contains("last read"))
    }

    @Test(
        "is refused for a NUL byte by that name, wherever it stands",
        arguments: [
            ("\0", 0), ("{\0}", 1), ("{}\0", 2), ("{\"a\"\0:1}", 4), ("[1\0]", 2), ("[1]\0 ", 3), ("\"a\0\"", 2),
        ]
    )
    func nul(text: String, offset: Int) {
        let error = #expect(throws: JSONError.self) { try parse(text) }
        guard case .malformed(offset, let reason) = error else {
            Issue.record("\(String(describing: error)) instead of malformed at \(offset)")
            return
        }
        #expect(reason.contains("NUL"))
    }

    @Test("cut off anywhere is refused, and never at a byte behind its end")
    func truncation() throws {
        let document = Array(#"{"a":[1,-2.5e3,"x\u00e9\n",true,false,null,{"é":{}}],"b":""}"#.utf8)
        _ = try JSONValue(parsing: document)
        for end in 0..<document.count {
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: Array(document[..<end])) }
            #expect((0...end).contains(error?.offset ?? -1))
        }
    }

    @Test("changed in any byte is read or refused, but nothing worse")
    func corruption() throws {
        let document = Array(#"{"a":[1,-2.5e3,"x\u00e9\n",true],"é":{"b":""}}"#.utf8)
        for place in document.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = document
                changed[place] = byte
                do {
                    _ = try JSONValue(parsing: changed)
                } catch {
                    #expect((0...document.count).contains(error.offset))
                }
            }
        }
    }
}
