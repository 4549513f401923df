import Composition
import Testing

@Suite("A value in a template")
struct EscapingTests {
    struct Line: Sendable {
        var value: String
        var html: String
        var json: String
        var form: String
        var url: String
    }

    static let table = [
        Line(value: "aZ09", html: "aZ09", json: "aZ09", form: "aZ09", url: "aZ09"),
        Line(value: "+1 a", html: "+1 a", json: "+1 a", form: "%2B1+a", url: "%2B1%20a"),
        Line(value: "ż👋", html: "ż👋", json: "ż👋", form: "%C5%BC%F0%9F%91%8B", url: "%C5%BC%F0%9F%91%8B"),
        Line(value: "-._~*", html: "-._~*", json: "-._~*", form: "-._%7E*", url: "-._~%2A"),
        Line(
            value: "&=%?/#",
            html: "&amp;=%?/#",
            json: "&=%?/#",
            form: "%26%3D%25%3F%2F%23",
            url: "%26%3D%25%3F%2F%23"
        ),
        Line(
            value: "<\"'\\>",
            html: "&lt;&quot;&#39;\\&gt;",
            json: "<\\\"'\\\\>",
            form: "%3C%22%27%5C%3E",
            url: "%3C%22%27%5C%3E"
        ),
        Line(value: "\r\n\t", html: "\r\n\t", json: "\\r\\n\\t", form: "%0D%0A%09", url: "%0D%0A%09"),
        Line(
            value: "\0\u{1F}\u{7F}",
            html: "\0\u{1F}\u{7F}",
            json: "\\u0000\\u001F\u{7F}",
            form: "%00%1F%7F",
            url: "%00%1F%7F"
        ),
        // Places in a value are no places.
        Line(value: "{{x}}", html: "{{x}}", json: "{{x}}", form: "%7B%7Bx%7D%7D", url: "%7B%7Bx%7D%7D"),
        Line(value: "", html: "", json: "", form: "", url: ""),
    ]

    @Test("is escaped for where it stands, and the template's own text is not", arguments: table)
    func escapes(line: Line) throws {
        let template = try Template("<&\" {{x}}>", names: ["x"])
        let expected: [(Template.Output, String)] = [
            (.text, line.value), (.html, line.html), (.json, line.json), (.form, line.form), (.url, line.url),
        ]
        for (output, escaped) in expected {
            #expect(template.rendered(with: ["x": line.value], as: output) == "<&\" \(escaped)>")
        }
    }

    @Test(
        "is needed where it does not stand in a section of its own",
        arguments: [
            ("{{a}}", ["a"]), ("{{#a}}{{a}}{{/a}}", []), ("{{#a}}{{b}}{{/a}}", ["b"]), ("{{^a}}{{a}}{{/a}}", ["a"]),
            ("{{#a}}x{{/a}}{{#b}}{{#a}}{{a}}{{b}}{{/a}}{{/b}}", []), ("x", []),
        ] as [(String, Set<String>)]
    )
    func needs(source: String, names: Set<String>) throws {
        #expect(try Template(source, names: ["a", "b"]).needed == names)
    }
}
