import JSON

extension Installation {
    /// The story of a delivery, or of a refused event.
    ///
    /// - Throws: ``Disappointment`` where there is none, or it is not in order of time.
    func story(_ id: String) async throws -> [JSONValue] {
        let answer = try await call("GET", "/v1/deliveries/\(id)/explain")
        guard answer.status == 200, let story = answer.body["story"]?.array else {
            throw Disappointment("The story of \(id) was answered \(answer.status): \(answer.body)")
        }
        let times = story.compactMap { $0["at"]?.string }
        guard times.count == story.count, times == times.sorted(), story.allSatisfy({ $0["what"]?.string != nil })
        else {
            throw Disappointment("The story is not in order of time: \(story)")
        }
        return story
    }

    /// Submits an event that must be refused; returns its problem and its story.
    func refusal(_ event: JSONValue) async throws -> (problem: Answer, story: [JSONValue]) {
        let answer = try await submit(event)
        guard let id = answer.body["instance"]?.string else {
            throw Disappointment("The event was answered \(answer.status): \(answer.body)")
        }
        return (answer, try await story(id))
    }
}

extension [JSONValue] {
    /// What the sentences are about, in their order.
    var steps: [String] { compactMap { $0["step"]?.string } }

    /// The first sentence about something.
    func first(_ step: String) throws -> JSONValue {
        guard let first = first(where: { $0["step"] == .string(step) }) else {
            throw Disappointment("Nothing is said of \(step): \(self)")
        }
        return first
    }

    /// All that is said of something.
    func all(_ step: String) -> [JSONValue] { filter { $0["step"] == .string(step) } }
}
