import AuthEvents
import Clocks
import JSON
import Testing

@Suite("A type of events")
struct EventTypeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let type: EventType
        let name: String
        let purpose: Purpose
        var carriesCode = true
        var reopens = false

        var testDescription: String { name }
    }

    static let cases = [
        Case(type: .signUp, name: "auth.sign_up", purpose: .signUp),
        Case(type: .confirmation, name: "auth.confirmation", purpose: .signUp, reopens: true),
        Case(type: .recovery, name: "auth.recovery", purpose: .recovery),
        Case(type: .mfa, name: "auth.mfa", purpose: .mfa),
        Case(type: .attributeChange, name: "auth.attribute_change", purpose: .attributeChange),
        Case(type: .invitation, name: "auth.invitation", purpose: .invitation),
        Case(type: .notice, name: "auth.notice", purpose: .notice, carriesCode: false),
    ]

    static func event(_ type: EventType, _ data: JSONObject = [:]) throws -> AuthEvent {
        var members = data
        if members["email"] == nil { members["email"] = "bobby@example.com" }
        if type == .notice, members["notice"] == nil { members["notice"] = "new_sign_in" }
        let envelope: JSONValue = [
            "specversion": "1.0", "id": "4b1c", "source": "/apps/cruddur", "type": .string(type.name),
            "data": .object(members),
        ]
        return try AuthEvent(envelope, now: Instant(milliseconds: 0))
    }

    @Test("says what its events are for, whether they carry a code, and whether they reopen", arguments: cases)
    func meaning(example: Case) throws {
        #expect(EventType(rawValue: example.name) == example.type && example.type.name == example.name)
        let event = try EventTypeTests.event(example.type)
        #expect(event.type == example.type)
        #expect(
            (event.purpose, event.carriesCode, event.reopens) == (example.purpose, example.carriesCode, example.reopens)
        )
        #expect(event.opensChallenge == example.carriesCode)
        #expect(event.notice?.description == (example.type == .notice ? "new_sign_in" : nil))
    }

    @Test("is among those of the contract")
    func all() {
        #expect(EventType.allCases == EventTypeTests.cases.map(\.type))
        #expect(Set(EventType.allCases.map(\.purpose)) == Set(Purpose.allCases))
    }

    @Test("takes the members of its own and refuses those of the others by name", arguments: EventType.allCases)
    func members(type: EventType) throws {
        let samples: [String: JSONValue] = [
            "phone": "+12423571234", "channels": ["email"], "any_of": false, "locale": "en-GB", "name": "Bobby",
            "ip": "203.0.113.7", "tenant": "cruddur", "link": "https://app.example.com/", "template_data": ["a": "b"],
            "session": "s-91", "ttl": "90s", "notice": "new_sign_in", "previous_email": "old@example.com",
            "previous_phone": "+12423570000",
        ]
        let others: [String] =
            switch type {
            case .notice: ["session", "ttl", "previous_email", "previous_phone"]
            case .attributeChange: ["notice"]
            default: ["notice", "previous_email", "previous_phone"]
            }
        for (name, value) in samples {
            var pointer: String?
            do {
                _ = try EventTypeTests.event(type, [name: value])
            } catch let problem as EventProblem {
                pointer = problem.pointer.description
            }
            #expect(pointer == (others.contains(name) ? "/data/\(name)" : nil))
        }
        let known =
            samples.keys.filter { !others.contains($0) } + ["email"] + (type == .notice ? [] : ["code", "expires_at"])
        #expect(type.members.sorted() == known.sorted())
    }

    struct Change: Sendable {
        let data: JSONObject
        var phone: String?
        var previousPhone: String?
        let told: [Channel]

        init(_ data: JSONObject, phone: String? = nil, previousPhone: String? = nil, _ told: [Channel]) {
            (self.data, self.phone, self.previousPhone, self.told) = (data, phone, previousPhone, told)
        }
    }

    @Test(
        "that changes an address tells each previous one, unless that is where the code goes",
        arguments: [
            Change([:], []),
            Change(["previous_email": "old@example.com"], [.email]),
            Change(["previous_phone": "1"], previousPhone: "+1", [.sms]),
            Change(["previous_email": "old@example.com", "previous_phone": "1"], previousPhone: "+1", [.email, .sms]),
            Change(["previous_email": "BOBBY@Example.com"], []),
            Change(["phone": "1", "channels": ["sms"], "previous_email": "bobby@example.com"], phone: "+1", [.email]),
            Change(["phone": "1", "channels": ["sms"], "previous_phone": "01"], phone: "+1", previousPhone: "+1", []),
            Change(
                ["phone": "1", "channels": ["sms"], "previous_phone": "2"],
                phone: "+1",
                previousPhone: "+2",
                [.sms]
            ),
            Change(
                ["phone": "1", "channels": ["email"], "previous_phone": "1"],
                phone: "+1",
                previousPhone: "+1",
                [.sms]
            ),
        ]
    )
    func noticeChannels(change: Change) throws {
        let event = try EventTypeTests.event(.attributeChange, change.data)
        #expect(event.noticeChannels(phone: change.phone, previousPhone: change.previousPhone) == change.told)
    }

    @Test("is refused under a name that is none, with those that are")
    func unknown() throws {
        let envelope: JSONValue = ["specversion": "1.0", "id": "1", "source": "/", "type": "auth.login", "data": [:]]
        let problem = #expect(throws: EventProblem.self) { try AuthEvent(envelope, now: Instant(milliseconds: 0)) }
        #expect(problem?.pointer.description == "/type")
        #expect(EventType.allCases.allSatisfy { problem?.reason.contains($0.name) == true })
    }
}
