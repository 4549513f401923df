/// What a test waited for and did not get.
struct Disappointment: Error, CustomStringConvertible {
    var description: String
}

/// Looks again and again until there is an answer; for what only shows from outside, where nobody tells.
///
/// - Throws: ``Disappointment`` after a time that is longer than anything here takes on a busy machine.
func eventually<Result>(
    _ what: @autoclosure () -> String,
    _ look: () throws -> Result?
) async throws -> Result {
    let end = ContinuousClock.now + .seconds(120)
    while true {
        if let result = try look() { return result }
        guard ContinuousClock.now < end else { throw Disappointment(description: "There was not in time: \(what())") }
        try await Task.sleep(for: .milliseconds(10))
    }
}
