import AuthEvents
import Clocks
import JSON
import Testing

@Suite("A code that the application made")
struct ForeignCodeTests {
    private let now = Instant(milliseconds: 0)

    private func event(_ code: String, expires: String) throws -> AuthEvent {
        try EventTypeTests.event(.recovery, ["code": .string(code), "expires_at": .string(expires)])
    }

    @Test("is taken as it is, with its expiry, and opens no challenge", arguments: ["1234", " 1 2 ", "a\"b<c>&%+"])
    func asItIs(code: String) throws {
        let event = try event(code, expires: "1970-01-01T01:10:00+01:00")
        #expect(event.foreignCode == ForeignCode(text: code, expiresAt: Instant(milliseconds: 600_000)))
        #expect(event.carriesCode && !event.opensChallenge && event.timeToLive == nil)
    }

    @Test(
        "must live longer than the minimum of its purpose",
        arguments: [
            (60_001, 60, true), (60_000, 60, false), (59_999, 60, false), (1, 0, true), (0, 0, false), (-1, 0, false),
            (604_800_000, 60, true),
        ] as [(Int64, Int64, Bool)]
    )
    func minimum(milliseconds: Int64, minimum: Int64, lives: Bool) throws {
        let code = ForeignCode(text: "1234", expiresAt: Instant(milliseconds: milliseconds))
        var problem: EventProblem?
        do {
            try code.checkLife(at: now, minimum: .seconds(minimum))
        } catch {
            problem = error
        }
        #expect((problem == nil) == lives)
        #expect(lives || problem?.pointer.description == "/data/expires_at")
        #expect(lives || problem?.reason.contains(Duration.seconds(minimum).text) == true)
    }

    @Test("is still read when it has expired, so that its event can be known again")
    func expired() throws {
        #expect(try event("1234", expires: "1969-12-31T23:59:59Z").foreignCode?.text == "1234")
    }

    @Test("is another content of its event than another code")
    func identity() throws {
        let (one, other) = (
            try event("1234", expires: "1970-01-01T00:10:00Z"), try event("1235", expires: "1970-01-01T00:10:00Z")
        )
        #expect(EventContents.identity(of: one) != EventContents.identity(of: other))
    }
}
