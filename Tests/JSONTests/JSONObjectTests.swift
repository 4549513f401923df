import Testing

@testable import JSON

@Suite("A JSON object")
struct JSONObjectTests {
    @Test("keeps a member's place when its value changes, appends a new one, and removes one that is set to nil")
    func subscripting() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["a"] = 3
        object["c"] = .null
        #expect(object.members.map(\.name) == ["a", "b", "c"])
        #expect(object["a"] == 3)
        object["b"] = nil
        object["z"] = nil
        #expect(object.members.map(\.name) == ["a", "c"])
        #expect(object["c"] == JSONValue.null)
    }

    @Test("made of members that share a name keeps the first place and the last value")
    func sameName() {
        #expect(JSONObject([("a", 1), ("b", 2), ("a", 3)]).serialized() == Array(#"{"a":3,"b":2}"#.utf8))
    }

    @Test("equals another with the same members in any order")
    func equality() {
        let object: JSONObject = ["a": 1, "b": [2]]
        #expect(object == ["b": [2], "a": 1])
        #expect(object != ["a": 1, "b": [3]])
        #expect(object != ["b": [3], "a": 1])
        #expect(object != ["a": 1])
        #expect(object != ["a": 1, "c": [2]])
    }

    @Test("tells an integer from a number of the same size")
    func kinds() {
        #expect(JSONValue.integer(1) != .number(1))
        #expect(JSONValue.integer(1).double == 1)
        #expect(JSONValue.number(1).int == nil)
        #expect(JSONValue.string("1").int == nil)
        #expect(JSONValue.bool(true).bool == true)
        #expect(JSONValue.array([1]).array == [1])
        #expect(JSONValue.null.isNull)
    }
}

@Suite("A JSON pointer")
struct JSONPointerTests {
    /// The examples of RFC 6901, section 5.
    private let document: JSONValue = [
        "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8,
    ]

    @Test(
        "is written and followed as in RFC 6901, section 5",
        arguments: [
            (["foo"], "/foo", ["bar", "baz"]), (["foo", "0"], "/foo/0", "bar"), ([""], "/", 0),
            (["a/b"], "/a~1b", 1), (["c%d"], "/c%d", 2), (["i\\j"], "/i\\j", 5), ([" "], "/ ", 7),
            (["m~n"], "/m~0n", 8),
        ] as [([String], String, JSONValue)]
    )
    func examples(tokens: [String], text: String, value: JSONValue) {
        #expect(JSONPointer(tokens).description == text)
        #expect(document[JSONPointer(tokens)] == value)
    }

    @Test("without tokens names the whole document")
    func whole() {
        #expect(JSONPointer().description == "")
        #expect(document[JSONPointer()] == document)
    }

    @Test(
        "that leads nowhere gives nothing",
        arguments: [["x"], ["foo", "2"], ["foo", "01"], ["foo", "-"], ["", "a"]]
    )
    func nowhere(tokens: [String]) {
        #expect(document[JSONPointer(tokens)] == nil)
    }

    @Test("grows by names and positions")
    func appending() {
        #expect(JSONPointer().appending("data").appending(3).appending("~/").description == "/data/3/~0~1")
    }
}
