import AuthEvents
import Clocks
import JSON
import Testing

@Suite("What is sealed apart of an event, to be erased")
struct ErasableTests {
    static let code: JSONValue = "AB 12345"
    static let expiry: JSONValue = "1970-01-01T00:10:00Z"
    static let filled: JSONValue = "https://app.example.com/c?code={{code}}"
    static let secret: JSONValue = "https://app.example.com/t/5f0c"

    @Test(
        "is the application's own code, and a link that no code goes into",
        arguments: [
            ([:], nil), (["link": filled], nil), (["link": secret], ["link": secret]),
            (["code": code, "expires_at": expiry], ["code": code]),
            (["code": code, "expires_at": expiry, "link": filled], ["code": code]),
            (["code": code, "expires_at": expiry, "link": secret], ["code": code, "link": secret]),
        ] as [(JSONObject, JSONValue?)]
    )
    func parts(data: JSONObject, apart: JSONValue?) throws {
        let event = try EventTypeTests.event(.recovery, data)
        let erasable = EventContents.erasableText(of: event)
        #expect(try erasable.map { try JSONValue(parsing: $0) } == apart)
        let text = EventContents.text(of: event)
        let kept = try JSONValue(parsing: text)["data"]
        for name in ["code", "link"] {
            #expect(kept?[name] == (apart?[name] == nil ? data[name] : nil))
        }
        #expect(kept?["expires_at"] == data["expires_at"] && kept?["email"] == "bobby@example.com")

        let whole = try EventContents(text: text, erasable: erasable)
        #expect(whole.foreignCode == data["code"]?.string && whole.link == data["link"]?.string)
        #expect(whole.hasForeignCode == (data["code"] != nil))
        #expect(whole.foreignCodeExpiresAt == (data["code"] == nil ? nil : Instant(milliseconds: 600_000)))

        let erased = try EventContents(text: text)
        #expect(erased.foreignCode == nil && erased.hasForeignCode == whole.hasForeignCode)
        #expect(erased.link == (apart?["link"] == nil ? whole.link : nil))
        #expect(erased.email == whole.email)
    }

    @Test("of a link that an earlier version sealed with the rest is nothing")
    func earlier() throws {
        let text = [UInt8](#"{"data":{"email":"a@example.com","link":"https://a.example/"}}"#.utf8)
        #expect(try EventContents(text: text).link == "https://a.example/")
    }

    @Test("leaves the name of a notice with the rest")
    func notice() throws {
        let event = try EventTypeTests.event(.notice, ["notice": "mfa_changed", "link": ErasableTests.secret])
        let contents = try EventContents(text: EventContents.text(of: event))
        #expect(contents.notice == NoticeName("mfa_changed") && contents.notice == event.notice && contents.link == nil)
    }

    @Test("leaves for a previous address a notice that tells nothing of the new one")
    func previousAddress() throws {
        let event = try EventTypeTests.event(
            .attributeChange,
            [
                "phone": "242 357 1234", "previous_email": "Old@Example.org", "previous_phone": "242 357 0000",
                "name": "Bobby", "link": ErasableTests.filled, "code": ErasableTests.code,
                "expires_at": ErasableTests.expiry, "template_data": ["device": "Firefox"],
            ]
        )
        let text = EventContents.text(of: event, phone: "+12423571234", previousPhone: "+12423570000")
        let contents = try EventContents(text: text, erasable: EventContents.erasableText(of: event))
        #expect(contents.notice == nil && contents.foreignCode == "AB 12345")
        #expect(contents.maskedAddress(on: .email) == "b***@e***.com" && contents.maskedAddress(on: .sms) == "+12***34")

        let previous = contents.toPreviousAddress
        #expect(previous.notice == .attributeChange && previous.name == "Bobby")
        #expect(previous.templateData == ["device": "Firefox"])
        #expect(previous.foreignCode == nil && !previous.hasForeignCode && previous.link == nil)
        #expect(previous.previousEmail == nil && previous.previousPhone == nil)
        #expect(previous.deliverableAddress(on: .email) == "Old@example.org")
        #expect(previous.comparedAddress(on: .email) == "old@example.org")
        #expect(previous.maskedAddress(on: .email) == "O***@e***.org")
        #expect(previous.deliverableAddress(on: .sms) == "+12423570000")
        #expect(previous.maskedAddress(on: .sms) == "+12***00")
    }

    @Test("leaves no address for a previous one that was not given")
    func noPreviousAddress() throws {
        let event = try EventTypeTests.event(.attributeChange, ["phone": "1"])
        let previous = try EventContents(text: EventContents.text(of: event, phone: "+1")).toPreviousAddress
        #expect(Channel.allCases.allSatisfy { previous.deliverableAddress(on: $0) == nil })
        #expect(Channel.allCases.allSatisfy { previous.maskedAddress(on: $0) == "***" })
    }
}
