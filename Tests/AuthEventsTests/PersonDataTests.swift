import AuthEvents
import Clocks
import JSON
import Testing

@Suite("What an event says of a person")
struct PersonDataTests {
    private func event(_ data: JSONObject) throws -> AuthEvent {
        var members = data
        if members["email"] == nil { members["email"] = "bobby@example.com" }
        return try AuthEvent(
            [
                "specversion": "1.0", "id": "4b1c", "source": "/apps/cruddur", "type": "auth.sign_up",
                "data": .object(members),
            ],
            now: Instant(milliseconds: 1_795_255_800_000)
        )
    }

    @Test(
        "keeps a name",
        arguments: [
            "Bobby", "J. R. R. Tolkien", "St. John", "Dr. No", "Jean-Luc", "O'Brien", "Anne / Marie", "Ms. X", "A.B.",
            "李小龙", "محمد", "x/y", "50.5", "Nguyễn Văn A", "Bobby\u{200d}", "a.b", "www", "http:",
            "e\u{301}.a", "3.14", "u.\u{e9}",
        ]
    )
    func keepsName(name: String) throws {
        #expect(try event(["name": .string(name)]).name == name)
    }

    @Test(
        "drops a name that holds a link",
        arguments: [
            "http://evil.example", "https://1.2.3.4/x", "see evil.example", "evil.com", "EVIL.COM", "www.evil", "WWW.x",
            "//evil", "javascript://x", "evil.рф", "evil.xn--p1ai", "evil。com", "evil．com", "evil｡com",
            "ev\u{200b}il.com",
            "evil\u{200b}.com", "evil.\u{2060}com", "evil.\u{ad}com", "ww\u{200b}w.x", "bit.ly/x", "1.2.3.de",
            "evil.\u{fe0f}com", "evil.\u{301}com", "evil\u{2024}com", "evil\u{fe52}com", "\u{ff0f}\u{ff0f}evil",
            "ｗｗｗ.x", "evil.भारत", "evil.\u{3164}com", "evil.\u{e0061}com", "e.vi\u{301}l", "mailto:a@evil.com",
        ]
    )
    func dropsLink(name: String) throws {
        let event = try event(["name": .string(name), "template_data": ["a": .string(name), "b": "kept"]])
        #expect(event.name == nil)
        #expect(event.templateData == ["b": "kept"])
        #expect(event.data["name"] == .string(name))
    }

    @Test("keeps a language tag as it was given", arguments: ["en", "en-GB", "zh-Hant-TW", "EN-gb", "de-CH-1996"])
    func locale(tag: String) throws {
        #expect(try event(["locale": .string(tag)]).locale == tag)
    }

    @Test("is read whole")
    func whole() throws {
        let event = try AuthEvent(
            [
                "specversion": "1.0", "id": "4b1c", "source": "/apps/cruddur", "type": "auth.sign_up",
                "subject": "user-7231",
                "time": "2026-11-21T10:00:00Z", "traceparent": "00-00", "dataschema": nil,
                "data": [
                    "email": "Bobby@EXAMPLE.com", "locale": "en-GB", "name": "Bobby", "tenant": "cruddur",
                    "session": "s-91",
                    "link": "https://app.example.com/?code={{code}}", "ttl": "90s",
                    "template_data": ["device": "Firefox"],
                ],
            ],
            now: Instant(milliseconds: 1_795_255_800_000)
        )
        #expect((event.id, event.source, event.purpose) == ("4b1c", "/apps/cruddur", .signUp))
        #expect(event.subject == "user-7231")
        #expect(event.time?.description == "2026-11-21T10:00:00.000Z")
        #expect(event.tenant == TenantName("cruddur"))
        #expect(event.email?.deliverable == "Bobby@example.com" && event.phone == nil)
        #expect((event.locale, event.name, event.session) == ("en-GB", "Bobby", "s-91"))
        #expect(event.link == "https://app.example.com/?code={{code}}")
        #expect(event.timeToLive == .seconds(90))
        #expect(event.templateData == ["device": "Firefox"])
    }

    @Test("is another event under the same id when type, subject or data differ, whatever their order")
    func identity() throws {
        let data: JSONObject = ["email": "bobby@example.com", "template_data": ["a": "1", "b": "2"]]
        let turned: JSONObject = ["template_data": ["b": "2", "a": "1"], "email": "bobby@example.com"]
        var event = try event(data)
        let identity = EventContents.identity(of: event)
        #expect(try EventContents.identity(of: self.event(turned)) == identity)
        (event.time, event.id) = (Instant(milliseconds: 0), "other")
        #expect(EventContents.identity(of: event) == identity)
        event.subject = "user-7231"
        #expect(EventContents.identity(of: event) != identity)
        #expect(try EventContents.identity(of: self.event(["email": "eve@example.com"])) != identity)
    }
}
