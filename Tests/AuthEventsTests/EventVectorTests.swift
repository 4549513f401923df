import AuthEvents
import Clocks
import JSON
import Testing

@Suite("A sign-up event")
struct EventVectorTests {
    private let now: Instant

    init() throws {
        now = try #require(Instant(rfc3339: "2026-11-21T10:00:00Z"))
    }

    @Test("is accepted, or refused at the member that is wrong", arguments: try EventVector.all())
    func vector(vector: EventVector) {
        var pointer: String?
        do {
            _ = try AuthEvent(vector.event, now: now)
        } catch {
            pointer = error.pointer.description
            #expect(!error.reason.isEmpty)
        }
        #expect(pointer == vector.pointer)
    }

    @Test("is refused with a reason that quotes nothing of it", arguments: try EventVector.all())
    func quotesNothing(vector: EventVector) throws {
        guard vector.pointer != nil, let email = vector.event["data"]?["email"]?.string, email.count > 4 else { return }
        let problem = #expect(throws: EventProblem.self) { try AuthEvent(vector.event, now: now) }
        #expect(problem?.reason.contains(email) == false)
    }

    @Test("is held against enough vectors, good and bad")
    func enough() throws {
        let vectors = try EventVector.all()
        #expect(vectors.count { $0.pointer == nil } >= 20)
        #expect(vectors.count { $0.pointer != nil } >= 70)
        #expect(Set(vectors.map(\.name)).count == vectors.count)
        // What is accepted, the schema must accept.
        #expect(vectors.allSatisfy { $0.pointer != nil || $0.isSeenBySchema })
    }
}
