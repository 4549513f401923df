import Testing

@testable import JSON

private func text(_ value: JSONValue, pretty: Bool = false) -> String {
    String(decoding: value.serialized(pretty: pretty), as: UTF8.self)
}

@Suite("A JSON value that is written")
struct JSONSerializationTests {
    @Test(
        "has no white space and its members in order",
        arguments: [
            (nil, "null"), (true, "true"), (false, "false"), (0, "0"), (.integer(.min), "-9223372036854775808"),
            (1.5, "1.5"), (.number(1), "1.0"), (0.1, "0.1"), (.number(-0.0), "-0.0"), (1e300, "1e+300"),
            (.number(.nan), "null"), (.number(-.infinity), "null"),
            ([], "[]"), ([:], "{}"), ([1, [2]], "[1,[2]]"), (["b": 1, "a": ["c": nil]], #"{"b":1,"a":{"c":null}}"#),
        ] as [(JSONValue, String)]
    )
    func compact(value: JSONValue, expected: String) {
        #expect(text(value) == expected)
    }

    @Test("escapes quotes, backslashes and control characters, and nothing else")
    func escapes() {
        #expect(
            text("\"\\/\u{8}\u{9}\u{a}\u{c}\u{d}\u{0}\u{1f}\u{7f}é\u{2028}\u{1F600}")
                == #""\"\\/\b\t\n\f\r\u0000\u001f"# + "\u{7f}é\u{2028}\u{1F600}\""
        )
        #expect(text(["a\"b": 1]) == #"{"a\"b":1}"#)
    }

    @Test("is indented by two spaces when it shall be pretty")
    func pretty() {
        let value: JSONValue = ["a": [1, [:]], "b": []]
        #expect(text(value, pretty: true) == "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}")
    }

    @Test(
        "reads back as itself",
        arguments: [
            .number(0.1 + 0.2), .number(.greatestFiniteMagnitude), .number(.leastNonzeroMagnitude), .number(1e21),
            .number(-123456.789e-7), .integer(.max), "\u{0}\u{1f}\"\\\u{fffd}\u{10ffff}", [[], [[:]], [nil, true]],
            ["é": ["~/": [1, 2.5, "x"]], "": false],
        ] as [JSONValue]
    )
    func roundTrip(value: JSONValue) throws {
        #expect(try JSONValue(parsing: value.serialized()) == value)
        #expect(try JSONValue(parsing: value.serialized(pretty: true)) == value)
    }
}
