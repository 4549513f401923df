import AuthEvents
import Clocks
import JSON
import Testing

@Suite("What is sealed of an event")
struct EventContentsTests {
    private func event(_ type: String, _ data: JSONObject, subject: String? = nil) throws -> AuthEvent {
        var object: JSONObject = [
            "specversion": "1.0", "id": "4b1c", "source": "/apps/cruddur", "type": .string(type), "data": .object(data),
        ]
        if let subject { object["subject"] = .string(subject) }
        return try AuthEvent(.object(object), now: Instant(milliseconds: 0))
    }

    @Test("comes back from its text")
    func contents() throws {
        let event = try event(
            "auth.sign_up",
            [
                "email": "Bobby@EXAMPLE.com", "name": "Bobby", "link": "https://x.example/{{code}}",
                "template_data": ["a": "ä", "b": "evil.com"],
            ],
            subject: "user-7231"
        )
        let contents = try EventContents(text: EventContents.text(of: event))
        #expect(
            (contents.subject, contents.name, contents.link) == ("user-7231", "Bobby", "https://x.example/{{code}}")
        )
        #expect(contents.email == event.email && contents.phone == nil)
        #expect(contents.templateData == ["a": "ä"])
        #expect(contents.deliverableAddress(on: .email) == "Bobby@example.com")
        #expect(contents.comparedAddress(on: .email) == "bobby@example.com")
        #expect(contents.maskedAddress(on: .email) == "B***@e***.com")
        #expect(contents.deliverableAddress(on: .sms) == nil && contents.comparedAddress(on: .sms) == nil)
        #expect(contents.maskedAddress(on: .sms) == "***")
    }

    @Test("holds the phone number as it was read, beside the data as they came")
    func phone() throws {
        let event = try event("auth.mfa", ["phone": "242 357 1234"])
        let text = EventContents.text(of: event, phone: "+12423571234")
        let contents = try EventContents(text: text)
        #expect(contents.phone == "+12423571234" && contents.email == nil)
        #expect(contents.deliverableAddress(on: .sms) == "+12423571234")
        #expect(contents.comparedAddress(on: .sms) == "+12423571234")
        #expect(contents.maskedAddress(on: .sms) == "+12***34")
        #expect(contents.deliverableAddress(on: .email) == nil && contents.comparedAddress(on: .email) == nil)
        #expect(contents.maskedAddress(on: .email) == "***")
        #expect(try JSONValue(parsing: text)["data"]?["phone"] == "242 357 1234")
    }

    @Test("without a number that was read has none, whatever the data say")
    func unreadPhone() throws {
        let event = try event("auth.sign_up", ["email": "bobby@example.com", "phone": "+12423571234"])
        let contents = try EventContents(text: EventContents.text(of: event))
        #expect(contents.phone == nil && contents.maskedAddress(on: .sms) == "***")
        #expect(contents.email == event.email)
    }

    @Test("opens for every purpose and with members of another version", arguments: [true, false])
    func everyPurpose(anyOf: Bool) throws {
        let event = try event(
            "auth.mfa",
            [
                "email": "bobby@example.com", "phone": "+12423571234", "channels": ["sms", "email"],
                "any_of": .bool(anyOf), "session": "s-91",
            ]
        )
        #expect(event.isGroup == anyOf && event.session == "s-91")
        let contents = try EventContents(text: EventContents.text(of: event, phone: "+12423571234"))
        #expect(contents.email == event.email && contents.phone == "+12423571234")
        let other = #"{"data":{"email":"bobby@example.com","unheard_of":1,"any_of":true},"later":2}"#
        #expect(try EventContents(text: [UInt8](other.utf8)).email == event.email)
    }

    @Test(
        "shows of a number the first two digits and the last two, and nothing of one so short that little is left",
        arguments: [
            ("+12423571234", "+12***34"), ("+4917123456789", "+49***89"), ("+6834001", "+68***01"),
            ("+683400", "***"), ("+1234", "***"), ("+", "***"), ("", "***"), ("12423571234", "***"),
        ]
    )
    func masked(phone: String, shown: String) throws {
        let event = try event("auth.mfa", ["phone": "1"])
        #expect(try EventContents(text: EventContents.text(of: event, phone: phone)).maskedAddress(on: .sms) == shown)
    }

    @Test("does not change what makes an event another one under the same id")
    func identity() throws {
        let given = try event("auth.mfa", ["phone": "242 357 1234"])
        let whole = try event("auth.mfa", ["phone": "+12423571234"])
        #expect(EventContents.identity(of: given) != EventContents.identity(of: whole))
        #expect(
            EventContents.identity(of: given)
                != EventContents.identity(of: try event("auth.sign_up", ["phone": "242 357 1234"]))
        )
        #expect(
            String(decoding: EventContents.identity(of: given), as: UTF8.self)
                == #"["auth.mfa",null,{"phone":"242 357 1234"}]"#
        )
    }
}
