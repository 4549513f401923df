import Testing

@testable import JSON

@Suite("The structure of a JSON document")
struct JSONStructureTests {
    @Test(
        "may not hold a name twice in one object",
        arguments: [
            (#"{"a":1,"a":2}"#, "/a", 7),
            (#"{"a":1 , "\u0061":2}"#, "/a", 9),
            (#"{"x":{"a":[]},"y":[0,[1,{"b":2,"c":{},"b":3}]]}"#, "/y/1/1/b", 38),
            (#"[[],{},{"k":{"a":1,"a":1}}]"#, "/2/k/a", 19),
            (#"{"a/b":{"~":0,"~":0}}"#, "/a~1b/~0", 14),
            (#"{"":1,"":2}"#, "/", 6),
            ("{\"\u{e9}\":1,\"e\u{301}\":2}", "/e\u{301}", 8),
        ]
    )
    func duplicate(text: String, pointer: String, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
        guard case .duplicateKey(let found, offset) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(found.description == pointer)
    }

    @Test("may hold a name again in another object")
    func sameNameElsewhere() throws {
        let value = try JSONValue(parsing: Array(#"{"a":{"a":1},"b":[{"a":2},{"a":3}]}"#.utf8))
        #expect(value == ["a": ["a": 1], "b": [["a": 2], ["a": 3]]])
    }

    @Test("finds a name that appears twice among very many")
    func manyMembers() throws {
        let names = (0..<20_000).map { "\"n\($0)\":\($0)" }
        let good = try JSONValue(parsing: Array("{\(names.joined(separator: ","))}".utf8))
        #expect(good.object?.members.count == 20_000)
        #expect(good["n19999"] == 19_999)
        let bad = Array("{\((names + ["\"n7\":0"]).joined(separator: ","))}".utf8)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bad) }
        guard case .duplicateKey(JSONPointer(["n7"]), bad.count - 7) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("may be as deep as the limit", arguments: [0, 1, 32, 512])
    func deepest(depth: Int) throws {
        let text = String(repeating: "[", count: depth) + (depth == 0 ? "1" : "") + String(repeating: "]", count: depth)
        _ = try JSONValue(parsing: Array(text.utf8), depth: depth)
        #expect(throws: JSONError.self) { try JSONValue(parsing: Array("[\(text)]".utf8), depth: depth) }
    }

    @Test("is refused where it goes deeper than the limit")
    func tooDeep() {
        let text = #"{"a":[0,{"b":[[1]]}],"c":1}"#
        #expect(throws: JSONError.tooDeep(limit: 4, offset: 14, pointer: ["a", "1", "b", "0"])) {
            try JSONValue(parsing: Array(text.utf8), depth: 4)
        }
    }

    @Test("a hundred thousand levels deep exhausts nothing", arguments: ["[", "{\"a\":"])
    func hundredThousandLevels(opening: String) {
        let text = Array(String(repeating: opening, count: 100_000).utf8)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.offset == 32 * opening.utf8.count)
        #expect(throws: JSONError.self) { try JSONValue(parsing: text, depth: 512) }
    }

    @Test("keeps the order of the members")
    func order() throws {
        let object = try #require(try JSONValue(parsing: Array(#"{"z":1,"a":2,"m":3}"#.utf8)).object)
        #expect(object.members.map(\.name) == ["z", "a", "m"])
    }
}
