import AuthEvents
import JSON
import Testing

@Suite("A member that is read as a string")
struct MemberReaderTests {
    private let reader = MemberReader(
        ["null": nil, "number": 5, "empty": "", "control": "a\0b", "text": "a"],
        at: ["data"]
    )

    @Test(
        "is refused at its place with what to do, which is never to leave out what is required",
        arguments: [
            ("missing", "missing is required: give a string"), ("null", "null must be a string"),
            ("number", "number must be a string"), ("empty", "empty must have 1 to 8 bytes"),
            ("control", "control must have no control characters"),
        ]
    )
    func required(name: String, reason: String) {
        #expect(throws: EventProblem(at: ["data", name], reason)) { try reader.required(name, bytes: 1...8) }
    }

    @Test("may be left out where it is not required")
    func optional() throws {
        #expect(try reader.optional("missing", bytes: 1...8) == nil)
        #expect(try reader.optional("text", bytes: 1...8) == "a")
        let problem = EventProblem(at: ["data", "null"], "null must be a string; leave it out otherwise")
        #expect(throws: problem) { try reader.optional("null", bytes: 1...8) }
    }
}
