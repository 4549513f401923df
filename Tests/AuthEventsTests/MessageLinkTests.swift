import AuthEvents
import JSON
import Testing

@Suite("The link of a message")
struct MessageLinkTests {
    @Test(
        "is allowed where it begins with one of the tenant's, whose host ends where the link's does",
        arguments: [
            ("https://app.example.com/x", ["https://app.example.com/"], true),
            ("https://app.example.com/", ["https://app.example.com/"], true),
            ("https://app.example.com", ["https://app.example.com/"], false),
            ("https://app.example.com?x", ["https://app.example.com/"], false),
            ("https://app.example.com", ["https://app.example.com"], true),
            ("https://app.example.com/x", ["https://app.example.com"], true),
            ("https://app.example.com?x", ["https://app.example.com"], true),
            ("https://app.example.com#x", ["https://app.example.com"], true),
            ("https://app.example.com.evil.com", ["https://app.example.com"], false),
            ("https://app.example.com.evil.com/", ["https://app.example.com"], false),
            ("https://app.example.comevil.com/", ["https://app.example.com"], false),
            ("https://app.example.com-evil.com/", ["https://app.example.com"], false),
            ("https://app.example.com@evil.com/", ["https://app.example.com"], false),
            ("https://app.example.com:x@evil.com/", ["https://app.example.com"], false),
            ("https://app.example.com:8443/", ["https://app.example.com"], false),
            ("https://app.example.com\\.evil.com/", ["https://app.example.com"], false),
            ("https://app.example.com:8443/", ["https://app.example.com:8443"], true),
            ("https://app.example.com:84431/", ["https://app.example.com:8443"], false),
            ("https://app.example.com:8443/", ["https://app.example.com:844"], false),
            ("https://app.example.com/confirm", ["https://app.example.com/conf"], true),
            ("https://app.example.com/other", ["https://app.example.com/conf"], false),
            ("https://app.example.com/?to=1", ["https://app.example.com/?to="], true),
            ("https://app.example.com?to=1", ["https://app.example.com?"], true),
            ("http://app.example.com/", ["https://app.example.com/"], false),
            ("https://App.example.com/", ["https://app.example.com/"], false),
            ("https://evil.com/https://app.example.com/", ["https://app.example.com/"], false),
            ("https://evil.com/", ["https://"], false), ("https://evil.com/", ["https:"], false),
            ("https://evil.com/", [""], false), ("https://evil.com/", ["app.example.com"], false),
            ("app.example.com/x", ["app.example.com"], false),
            ("https://app.example.com/", [], false),
            ("https://b.example/x", ["https://a.example", "https://b.example"], true),
            ("https://app.example.com/\u{301}x", ["https://app.example.com/"], true),
            ("https://b\u{fc}cher.example/", ["https://bu\u{308}cher.example/"], false),
            ("HTTPS://app.example.com/x", ["HTTPS://app.example.com"], true),
        ]
    )
    func allowed(link: String, prefixes: [String], isAllowed: Bool) {
        #expect(MessageLink.isAllowed(link, by: prefixes) == isAllowed)
    }

    @Test(
        "has the code put in, percent-encoded",
        arguments: [
            ("https://a.example/?c={{code}}", "123456", "https://a.example/?c=123456"),
            ("https://a.example/{{code}}#{{code}}", "12", "https://a.example/12#12"),
            ("https://a.example/", "123456", "https://a.example/"),
            ("https://a.example/{{code}}", "Az09-._~", "https://a.example/Az09-._~"),
            ("https://a.example/{{code}}", "../a b", "https://a.example/..%2Fa%20b"),
            ("https://a.example/?c={{code}}", "a&b=c#d?\"<>%+", "https://a.example/?c=a%26b%3Dc%23d%3F%22%3C%3E%25%2B"),
            ("https://a.example/?c={{code}}", "{{code}}", "https://a.example/?c=%7B%7Bcode%7D%7D"),
        ]
    )
    func filled(link: String, code: String, whole: String) {
        #expect(MessageLink.filled(link, with: code) == whole)
        #expect(MessageLink.holdsCode(link) == (link != "https://a.example/"))
    }

    @Test(
        "is refused with what is wrong with it",
        arguments: [
            ("app.example.com", "https://"), ("https://bobby@app.example.com/", "user"), ("https://:1/", "host"),
            ("https://a.example/a b", "blanks"), ("https://a.example/{{name}}", "braces"),
            ("https://a.example/..", ".."),
        ]
    )
    func reason(link: String, word: String) {
        let problem = #expect(throws: EventProblem.self) {
            try EventTypeTests.event(.signUp, ["link": .string(link)])
        }
        #expect(problem?.reason.hasPrefix("link must ") == true && problem?.reason.contains(word) == true)
        #expect(problem?.reason.contains(link) == false)
    }
}
