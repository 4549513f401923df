import AuthEvents
import Clocks
import JSON
import Testing

@Suite("The channels of an event")
struct ChannelsTests {
    static let email: JSONValue = "bobby@example.com"
    static let phone: JSONValue = "+12423571234"
    static let both: JSONObject = ["email": email, "phone": phone]

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let type: String
        let data: JSONObject
        let channels: [Channel]
        let isGroup: Bool

        init(_ name: String, _ type: String, _ data: JSONObject, _ channels: [Channel], isGroup: Bool = false) {
            (testDescription, self.type, self.data) = (type + " " + name, type, data)
            (self.channels, self.isGroup) = (channels, isGroup)
        }
    }

    static let cases = [
        Case("with an email", "auth.sign_up", ["email": email], [.email]),
        Case("with a phone", "auth.sign_up", ["phone": phone], [.sms]),
        Case("with both", "auth.sign_up", ["email": email, "phone": phone], [.email]),
        Case("to sms", "auth.sign_up", ["email": email, "phone": phone, "channels": ["sms"]], [.sms]),
        Case(
            "to both",
            "auth.sign_up",
            ["email": email, "phone": phone, "channels": ["sms", "email"]],
            [.sms, .email]
        ),
        Case("with an email", "auth.mfa", ["email": email], [.email]),
        Case("with a phone", "auth.mfa", ["phone": phone], [.sms]),
        Case("with both", "auth.mfa", ["email": email, "phone": phone], [.sms]),
        Case("with both, asked for any", "auth.mfa", ["email": email, "phone": phone, "any_of": true], [.sms]),
        Case("to email", "auth.mfa", ["email": email, "phone": phone, "channels": ["email"]], [.email]),
        Case(
            "to both",
            "auth.mfa",
            ["email": email, "phone": phone, "channels": ["email", "sms"]],
            [.email, .sms],
            isGroup: true
        ),
        Case(
            "to any of both",
            "auth.mfa",
            ["email": email, "phone": phone, "channels": ["sms", "email"], "any_of": true],
            [.sms, .email],
            isGroup: true
        ),
        Case(
            "to each of both",
            "auth.mfa",
            ["email": email, "phone": phone, "channels": ["sms", "email"], "any_of": false],
            [.sms, .email]
        ),
    ]

    private func event(_ type: String, _ data: JSONObject) -> JSONValue {
        ["specversion": "1.0", "id": "4b1c", "source": "/apps/cruddur", "type": .string(type), "data": .object(data)]
    }

    @Test(
        "are those it names, else the first of its purpose that has an address; a group where any will do",
        arguments: cases
    )
    func channels(example: Case) throws {
        let event = try AuthEvent(event(example.type, example.data), now: Instant(milliseconds: 0))
        #expect(event.type.name == example.type)
        #expect(event.channels == example.channels)
        #expect(event.isGroup == example.isGroup)
        #expect(event.email?.compared == example.data["email"]?.string)
        #expect(event.phone == example.data["phone"]?.string)
    }

    @Test("keep the phone as it was given")
    func phoneAsGiven() throws {
        let given = event("auth.mfa", ["phone": " 0171 / 234-5678 "])
        #expect(try AuthEvent(given, now: Instant(milliseconds: 0)).phone == " 0171 / 234-5678 ")
    }

    @Test(
        "are taken in the order of the settings, where there is one",
        arguments: [
            ([Channel.email, .sms], Channel.email), ([.sms, .email], .sms), ([.email], .email), ([.sms], .sms),
        ]
    )
    func order(order: [Channel], taken: Channel) throws {
        for type in EventType.allCases {
            let event = try AuthEvent(
                event(type.name, ChannelsTests.both.for(type)),
                now: Instant(milliseconds: 0)
            ) { purpose in
                #expect(purpose == type.purpose)
                return order
            }
            #expect(event.channels == [taken])
        }
    }

    @Test("that the settings leave out are taken where the event names them, and not otherwise")
    func leftOut() throws {
        let now = Instant(milliseconds: 0)
        let named = event("auth.mfa", ["phone": ChannelsTests.phone, "channels": ["sms"]])
        #expect(try AuthEvent(named, now: now) { _ in [.email] }.channels == [.sms])
        let unnamed = event("auth.mfa", ["phone": ChannelsTests.phone])
        let problem = #expect(throws: EventProblem.self) { try AuthEvent(unnamed, now: now) { _ in [.email] } }
        #expect(problem?.pointer.description == "/data/email")
    }
}

extension JSONObject {
    /// With what its type requires besides.
    fileprivate func `for`(_ type: EventType) -> JSONObject {
        var object = self
        if type == .notice { object["notice"] = "password_changed" }
        return object
    }
}
