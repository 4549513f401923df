import AuthEvents
import Clocks
import Foundation
import JSON
import Testing

@Suite("An event")
struct EventVectorTests {
    private let now: Instant

    init() throws {
        now = try #require(Instant(rfc3339: "2026-11-21T10:00:00Z"))
    }

    @Test("is accepted, or refused at the member that is wrong", arguments: try EventVector.all())
    func vector(vector: EventVector) {
        var pointer: String?
        do {
            _ = try vector.checked(at: now)
        } catch {
            pointer = error.pointer.description
            #expect(!error.reason.isEmpty)
        }
        #expect(pointer == vector.pointer)
    }

    @Test("is refused with a reason that quotes nothing of it", arguments: try EventVector.all())
    func quotesNothing(vector: EventVector) throws {
        guard vector.pointer != nil else { return }
        let addresses = ["email", "phone", "previous_email", "previous_phone", "code"].compactMap {
            vector.event["data"]?[$0]?.string
        }.filter { $0.count > 4 }
        let problem = #expect(throws: EventProblem.self) { try vector.checked(at: now) }
        #expect(addresses.allSatisfy { problem?.reason.contains($0) == false })
    }

    @Test("is held against enough vectors, good and bad", arguments: EventVector.types)
    func enough(type: String) throws {
        let vectors = try EventVector.all(of: type)
        #expect(vectors.count { $0.pointer == nil } >= 20)
        #expect(vectors.count { $0.pointer != nil } >= 60)
        #expect(Set(vectors.map(\.name)).count == vectors.count)
        #expect(vectors.allSatisfy { $0.pointer != nil || $0.event["type"]?.string == type })
        // What is accepted, the schema must accept.
        #expect(vectors.allSatisfy { $0.pointer != nil || $0.isSeenBySchema })
    }

    @Test("has vectors in no other files")
    func everyFile() throws {
        let folder = EventVector.file(of: "auth.sign_up").deletingLastPathComponent()
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0.hasSuffix("-events.json")
        }
        let expected = EventVector.types.map { EventVector.file(of: $0).lastPathComponent } + ["batch-events.json"]
        #expect(files.sorted() == expected.sorted())
    }
}
