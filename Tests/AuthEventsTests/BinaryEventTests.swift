import AuthEvents
import Clocks
import JSON
import Testing

@Suite("An event in binary mode")
struct BinaryEventTests {
    static let fields: [EventMode.Field] = [
        ("Host", "localhost"), ("ce-specversion", "1.0"), ("ce-id", "4b1c"), ("ce-source", "/apps/cruddur"),
        ("ce-type", "auth.sign_up"), ("Content-Type", "application/json"),
    ]
    static let body = [UInt8](#"{"email":"bobby@example.com"}"#.utf8)

    private func envelope(
        _ more: [EventMode.Field] = [],
        without left: String = "",
        body: [UInt8] = BinaryEventTests.body
    ) throws -> JSONValue {
        let headers = BinaryEventTests.fields.filter { $0.name != left } + more
        let envelopes = try EventMode.binary.envelopes(headers: headers, body: body)
        #expect(envelopes.count == 1)
        return envelopes[0]
    }

    private func pointer(_ more: [EventMode.Field] = [], without left: String = "", body: [UInt8]? = nil) throws
        -> String?
    {
        do {
            let envelope = try envelope(more, without: left, body: body ?? BinaryEventTests.body)
            _ = try AuthEvent(envelope, now: Instant(milliseconds: 0))
            return nil
        } catch let problem as EventProblem {
            return problem.pointer.description
        } catch EnvelopeError.attribute(let problem) {
            return problem.pointer.description
        }
    }

    @Test("is the same as in structured mode")
    func same() throws {
        let structured: JSONValue = [
            "specversion": "1.0", "id": "4b1c", "source": "/apps/cruddur", "type": "auth.sign_up",
            "datacontenttype": "application/json", "subject": "user 7231", "time": "1970-01-01T00:00:00Z",
            "traceparent": "00-00", "data": ["email": "bobby@example.com"],
        ]
        let binary = try envelope([
            ("CE-Subject", "user%207231"), ("Ce-Time", "1970-01-01T00:00:00Z"), ("ce-TraceParent", "00-00"),
        ])
        #expect(binary == structured)
        let (one, other) = (
            try AuthEvent(binary, now: Instant(milliseconds: 0)),
            try AuthEvent(structured, now: Instant(milliseconds: 0))
        )
        #expect(one == other && EventContents.identity(of: one) == EventContents.identity(of: other))
    }

    @Test("needs no Content-Type")
    func noType() throws {
        #expect(try envelope(without: "Content-Type")["datacontenttype"] == nil)
        #expect(try pointer(without: "Content-Type") == nil)
    }

    @Test(
        "has header fields without their quotes and percent-encoding",
        arguments: [
            ("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro \u{20ac} \u{1f600}"), ("%e2%82%ac", "\u{20ac}"), ("%41%42", "AB"),
            ("a b", "a b"), ("\"a b\"", "a b"), (#""a \"b\" \\""#, #"a "b" \"#), (#"a "b" c"#, "a b c"),
            (#"a\b"#, #"a\b"#),
            (#""%2541""#, "%41"), ("%2541", "%41"), ("%25", "%"), ("%22a%22", "\"a\""), (#""\%41""#, "A"),
            ("a+b", "a+b"),
        ]
    )
    func decoded(field: String, value: String) throws {
        #expect(try envelope([("ce-subject", field)])["subject"] == .string(value))
    }

    @Test(
        "is refused at the attribute whose header field cannot be read",
        arguments: [
            "%", "%4", "a%", "%zz", "100% sure", "%C0%A0", "%ED%A0%80", "%FF", "%E2%82", "\"a", "a\"", #""a\"#,
            "\u{20ac}",
            "\u{fffd}", "a\tb", "a\u{7f}",
        ]
    )
    func undecoded(field: String) throws {
        let error = #expect(throws: EnvelopeError.self) { try envelope([("CE-Subject", field)]) }
        guard case .attribute(let problem) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(problem.pointer.description == "/subject")
        #expect(field.count < 4 || !problem.reason.contains(field))
    }

    @Test(
        "is refused at an attribute that is missing or wrong",
        arguments: [
            ("ce-specversion", nil, "/specversion"), ("ce-id", nil, "/id"), ("ce-source", nil, "/source"),
            ("ce-type", nil, "/type"), ("ce-specversion", "0.3", "/specversion"), ("ce-id", "", "/id"),
            ("ce-id", "a%0Ab", "/id"), ("ce-source", "my%20app", "/source"), ("ce-type", "auth.login", "/type"),
            ("", "", nil), ("Content-Type", "text/plain", "/datacontenttype"),
        ] as [(String, String?, String?)]
    )
    func wrong(name: String, value: String?, pointer: String?) throws {
        let more = value.map { name.isEmpty ? [] : [(name, $0)] } ?? []
        #expect(try self.pointer(more, without: name) == pointer)
    }

    @Test(
        "is refused at an attribute that is given twice or has no header field",
        arguments: [
            ("ce-id", "4b1c", "/id"), ("CE-ID", "4b1c", "/id"), ("ce-data", "{}", "/data"),
            ("ce-datacontenttype", "application/json", "/datacontenttype"), ("ce-data_base64", "e30=", "/data_base64"),
            ("ce-", "x", "/"), ("ce-a-b", "x", "/a-b"), ("ce-time", "2100-01-01T00:00:00Z", "/time"),
        ]
    )
    func excess(name: String, value: String, pointer: String) throws {
        #expect(try self.pointer([(name, value)]) == pointer)
    }

    @Test("is refused at the data that are missing or no object", arguments: ["", "null", "[]", "1", #""x""#])
    func data(body: String) throws {
        #expect(try pointer(body: Array(body.utf8)) == "/data")
    }

    @Test("is refused at the member of the data that is wrong")
    func member() throws {
        #expect(try pointer(body: Array(#"{"email":"bobby"}"#.utf8)) == "/data/email")
    }
}
