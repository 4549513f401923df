import AuthEvents
import Clocks
import Foundation
import JSON
import Testing

@Suite("A request with events")
struct EventModeTests {
    static let attribute = ("ce-id", "1")

    @Test(
        "tells its mode by the media type",
        arguments: [
            ("application/cloudevents+json", false, EventMode.structured),
            ("application/cloudevents+json", true, .structured),
            ("Application/CloudEvents+JSON; charset=UTF-8", false, .structured),
            ("application/cloudevents+json;charset=utf-8", false, .structured),
            ("application/cloudevents-batch+json", false, .batched),
            ("application/cloudevents-batch+json ;x=y", true, .batched),
            ("application/json", true, .binary), ("application/json; charset=utf-8", true, .binary),
            ("application/json", false, nil), (nil, true, .binary), (nil, false, .structured),
            ("", true, nil), ("", false, nil), (";", false, nil), ("text/plain", true, nil), ("text/plain", false, nil),
            ("application/cloudevents", false, nil), ("application/cloudevents+xml", true, nil),
            ("application/cloudevents-batch", false, nil), ("application/cloudevents-batch+xml", false, nil),
            ("application/cloudevents+jsonx", false, nil), ("application/problem+json", true, nil),
        ] as [(String?, Bool, EventMode?)]
    )
    func mode(type: String?, hasAttributes: Bool, mode: EventMode?) {
        for (typeName, attributeName) in [("Content-Type", "ce-id"), ("content-type", "CE-ID")] {
            var headers: [EventMode.Field] = [("Host", "localhost"), ("ceremony", "x"), ("X-ce-id", "x")]
            if let type { headers.append((typeName, type)) }
            if hasAttributes { headers.append((attributeName, "1")) }
            #expect(EventMode(headers: headers) == mode)
        }
    }

    @Test("names the media types that are taken")
    func mediaTypes() {
        #expect(
            EventMode.mediaTypes == [
                "application/cloudevents+json", "application/cloudevents-batch+json", "application/json",
            ]
        )
    }

    @Test("has one object in structured mode")
    func structured() throws {
        #expect(try EventMode.structured.envelopes(headers: [], body: Array(#"{"id":"1"}"#.utf8)) == [["id": "1"]])
        // Attributes in header fields do not count there.
        let headers = [EventModeTests.attribute]
        #expect(try EventMode.structured.envelopes(headers: headers, body: Array("{}".utf8)) == [[:]])
    }

    @Test("has nothing else in structured mode", arguments: ["[]", #"[{"id":"1"}]"#, "null", "1", #""x""#, "true"])
    func notStructured(body: String) {
        let error = #expect(throws: EnvelopeError.self) {
            try EventMode.structured.envelopes(headers: [], body: Array(body.utf8))
        }
        guard case .otherShape(let sentence) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(sentence.hasSuffix("."))
    }

    @Test("is refused with the place where its body is no JSON", arguments: EventMode.allCases)
    func notJSON(mode: EventMode) {
        for body in ["[{", "[{\"a\":1,\"a\":2}]", "[\"\u{1}\"]", String(repeating: "[", count: 33)] {
            let cause = #expect(throws: JSONError.self) { try JSONValue(parsing: Array(body.utf8)) }
            let error = #expect(throws: EnvelopeError.self) { try mode.envelopes(headers: [], body: Array(body.utf8)) }
            #expect(error == cause.map(EnvelopeError.notJSON))
        }
    }

    @Test("has 1 to 1000 events in a batch", arguments: [1, 2, 999, 1000])
    func batch(count: Int) throws {
        let body = "[" + (0..<count).map { #"{"id":"\#($0)"}"# }.joined(separator: ",") + "]"
        let events = try EventMode.batched.envelopes(headers: [], body: Array(body.utf8))
        #expect(events.map { $0["id"]?.string } == (0..<count).map { "\($0)" })
    }

    @Test("has no more than 1000 events in a batch")
    func largeBatch() {
        let body = "[" + [String](repeating: "{}", count: 1001).joined(separator: ",") + "]"
        #expect(throws: EnvelopeError.tooManyEvents(limit: 1000)) {
            try EventMode.batched.envelopes(headers: [], body: Array(body.utf8))
        }
    }

    struct Batch: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: JSONValue
        /// For each event where it is wrong, `nil` where it is not; `nil` in its place where the batch as a whole is wrong.
        let results: [String?]?
    }

    static func batches() throws -> [Batch] {
        let file = EventVector.file(of: "batch")
        return try (JSONValue(parsing: [UInt8](Data(contentsOf: file))).array ?? []).map { vector in
            Batch(
                testDescription: vector["name"]?.string ?? "",
                body: vector["event"] ?? .null,
                results: vector["results"]?.array.map { $0.map(\.string) }
            )
        }
    }

    @Test("in a batch takes and refuses each event for itself", arguments: try batches())
    func batchVectors(batch: Batch) throws {
        let now = try #require(Instant(rfc3339: "2026-11-21T10:00:00Z"))
        let body = batch.body.serialized()
        guard let results = batch.results else {
            let error = #expect(throws: EnvelopeError.self) { try EventMode.batched.envelopes(headers: [], body: body) }
            guard case .otherShape = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            return
        }
        let pointers = try EventMode.batched.envelopes(headers: [], body: body).map { envelope in
            pointer(of: envelope, at: now)
        }
        #expect(pointers == results)
    }

    private func pointer(of envelope: JSONValue, at now: Instant) -> String? {
        do {
            _ = try AuthEvent(envelope, now: now)
            return nil
        } catch {
            return error.pointer.description
        }
    }

    @Test(
        "gives a refused event its id where it has one",
        arguments: [
            (["id": "4b1c"], "4b1c"), (["id": ""], nil), (["id": 1], nil), (["id": "a\n"], nil), ([:], nil), (nil, nil),
            ([["id": "4b1c"]], nil), (["id": .string(String(repeating: "x", count: 257))], nil),
        ] as [(JSONValue, String?)]
    )
    func id(event: JSONValue, id: String?) {
        #expect(AuthEvent.id(of: event) == id)
    }
}
