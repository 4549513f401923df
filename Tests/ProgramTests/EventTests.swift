import Foundation
import JSON
import Testing

@Suite("An event", .timeLimit(.minutes(12)))
struct EventTests {
    /// A change of a good event, and where the problem is.
    struct Fault: Sendable, CustomTestStringConvertible {
        var pointer: String
        var change: @Sendable (inout JSONObject, inout JSONObject) -> Void
        var testDescription: String { pointer }

        init(_ pointer: String, _ change: @escaping @Sendable (inout JSONObject, inout JSONObject) -> Void) {
            (self.pointer, self.change) = (pointer, change)
        }
    }

    static let faults = [
        Fault("/specversion") { event, _ in event["specversion"] = nil },
        Fault("/specversion") { event, _ in event["specversion"] = "0.3" },
        Fault("/id") { event, _ in event["id"] = nil },
        Fault("/id") { event, _ in event["id"] = "" },
        Fault("/source") { event, _ in event["source"] = 1 },
        Fault("/type") { event, _ in event["type"] = "auth.nonsense" },
        Fault("/time") { event, _ in event["time"] = "tomorrow" },
        Fault("/time") { event, _ in event["time"] = "2999-01-01T00:00:00Z" },
        Fault("/data") { _, data in data = [:] },
        Fault("/data/email") { _, data in data = ["locale": "en"] },
        Fault("/data/email") { _, data in data["email"] = "nobody" },
        Fault("/data/email") { _, data in data["email"] = "a@example.com\r\nBcc: b@example.com" },
        Fault("/data/emial") { _, data in data["emial"] = "a@example.com" },
        Fault("/data/a~1b~0c") { _, data in data["a/b~c"] = "a" },
        Fault("/data/channels/0") { _, data in data["channels"] = ["pigeon"] },
        Fault("/data/ttl") { _, data in data["ttl"] = "soon" },
        Fault("/data/ttl") { _, data in data["ttl"] = "25h" },
        Fault("/data/ttl") { _, data in data["ttl"] = "59s" },
        Fault("/data/link") { _, data in data["link"] = "https://evil.example/" },
        Fault("/data/name") { _, data in data["name"] = "a\u{202e}b" },
        Fault("/data/ip") { _, data in data["ip"] = "300.1.1.1" },
        Fault("/data/locale") { _, data in data["locale"] = "_" },
    ]

    @Test("with a fault is refused with the place of the fault as a JSON Pointer, and nothing is kept")
    func faulty() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.server()
            for fault in EventTests.faults {
                var event = Installation.event("1", to: "a@example.com").object ?? [:]
                var data = event["data"]?.object ?? [:]
                fault.change(&event, &data)
                event["data"] = data.members.isEmpty ? nil : .object(data)
                let answer = try await post.submit(.object(event))
                #expect(answer.status == 422, "\(fault.pointer): \(answer.body)")
                #expect(answer.problem == "invalid-event")
                #expect(answer.body["pointer"] == .string(fault.pointer))
                #expect(answer.body["reason"]?.string?.isEmpty == false)
                #expect(answer.header("Content-Type") == "application/problem+json")
            }
            #expect(try await post.count("ready") == 0)
            // The id of a refused event is free.
            #expect(try await post.submit(Installation.event("1", to: "a@example.com")).status == 202)
        }
    }

    @Test("that comes again is answered as the first time, and one with other content is a conflict")
    func duplicates() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.server()
            let event = Installation.event("1", to: "a@example.com")
            let first = try await post.submit(event)
            #expect(first.status == 202)
            #expect(first.body["status"] == "accepted")
            var later = event.object ?? [:]
            later["time"] = "2026-01-01T00:00:00Z"
            later["traceparent"] = "00-1"
            for again in [event, .object(later)] {
                let answer = try await post.submit(again)
                #expect(answer.status == 200)
                #expect(answer.body["status"] == "duplicate")
                #expect(answer.body["challenge"] == first.body["challenge"])
                #expect(
                    answer.body["deliveries"]?.array?.map { $0["id"] }
                        == first.body["deliveries"]?.array?.map { $0["id"] }
                )
            }
            var otherSubject = event.object ?? [:]
            otherSubject["subject"] = "another"
            for other in [Installation.event("1", to: "b@example.com"), .object(otherSubject)] {
                let answer = try await post.submit(other)
                #expect(answer.status == 409)
                #expect(answer.problem == "conflict")
            }
            var otherSource = event.object ?? [:]
            otherSource["source"] = "/elsewhere"
            #expect(try await post.submit(.object(otherSource)).status == 202)
        }
    }

    @Test("that comes many times at once is accepted once")
    func racing() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.server()
            let event = Installation.event("1", to: "a@example.com")
            let statuses = try await withThrowingTaskGroup { group in
                for _ in 1...16 { group.addTask { try await post.submit(event).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 202 }.count == 1)
            #expect(statuses.filter { $0 == 200 }.count == 15)
            #expect(try await post.count("ready") == 1)
        }
    }
}
