/// What a test waited for and did not get.
struct Disappointment: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Longer than anything here takes on the busiest machine; what is there sooner ends the wait.
let patience: Duration = .seconds(120)

/// Looks again and again until there is an answer; for what only shows from outside, where nobody tells.
///
/// - Throws: ``Disappointment`` when ``patience`` is over.
func eventually<Result>(
    _ what: @autoclosure () -> String,
    within limit: Duration = patience,
    _ look: () async throws -> Result?
) async throws -> Result {
    let end = ContinuousClock.now + limit
    while true {
        if let result = try await look() { return result }
        guard ContinuousClock.now < end else { throw Disappointment("There was not in time: \(what())") }
        try await Task.sleep(for: .milliseconds(20))
    }
}

func eventually(
    _ what: @autoclosure () -> String,
    within limit: Duration = patience,
    _ holds: () async throws -> Bool
) async throws {
    let _: Void = try await eventually(what(), within: limit) { try await holds() ? () : nil }
}
