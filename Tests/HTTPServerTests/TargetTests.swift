import HTTPServer
import Testing

@Suite("A request target")
struct TargetTests {
    @Test(
        "is decoded between the slashes",
        arguments: [
            ("/", []), ("/v1/events", ["v1", "events"]), ("/v1/", ["v1", ""]), ("/a%2Fb/c%20d", ["a/b", "c d"]),
            ("/%E2%82%AC", ["\u{20AC}"]), ("//", ["", ""]), ("/a+b", ["a+b"]), ("*", []),
        ] as [(String, [String])]
    )
    func segments(text: String, segments: [String]) {
        #expect(Target(text)?.segments == segments)
    }

    @Test(
        "keeps its raw path and has no segments when its encoding is broken",
        arguments: ["/%", "/%4", "/%z", "/%FF"]
    )
    func broken(text: String) throws {
        let target = try #require(Target(text))
        #expect(target.path == text)
        #expect(target.segments == nil)
    }

    @Test(
        "is refused when it is no path of printable ASCII, or names NUL",
        arguments: [
            "", "a", "http://example.com/", "example.com:443", "/\u{E9}", "/a b", "/a#b", "/%00", "/a%2500%00?x",
        ]
    )
    func refused(text: String) {
        #expect(Target(text) == nil)
    }

    @Test("may hold an encoded percent sign before zeros")
    func encodedPercent() {
        #expect(Target("/a%2500")?.segments == ["a%00"])
    }

    @Test(
        "has its query decoded in order, with + for a blank",
        arguments: [
            ("/", [:]), ("/?", [:]), ("/?a=1&b=2&a=3", ["a": "1", "b": "2", "a": "3"]), ("/?a", ["a": ""]),
            ("/?a=b=c", ["a": "b=c"]), ("/?q=x+y%26z", ["q": "x y&z"]), ("/?&&a=1", ["a": "1"]), ("/p?x=?", ["x": "?"]),
        ] as [(String, KeyValuePairs<String, String>)]
    )
    func query(text: String, expected: KeyValuePairs<String, String>) throws {
        let query = try #require(Target(text)?.query)
        #expect(query.map(\.name) == expected.map(\.key))
        #expect(query.map(\.value) == expected.map(\.value))
    }

    @Test("has no query when its encoding is broken", arguments: ["/?a=%", "/?%4=1", "/?a=%FF"])
    func brokenQuery(text: String) throws {
        let target = try #require(Target(text))
        #expect(target.query == nil)
    }
}
