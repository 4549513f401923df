import Configuration
import JSON
import Processes

extension Command {
    static let erase = Command(
        name: "erase",
        usage: """
            --email ADDRESS | --phone NUMBER [--tenant T] [--yes]

            What was written to the person can no longer be read, found or sent; it cannot be undone. Without --tenant it
            is erased in all tenants. States, attempts and the ledger stay, and so does a suppression.
            """,
        summary: "erase a person"
    ) { invocation in
        guard let body = try personBody(&invocation) else {
            throw UsageError("erase needs --email ADDRESS or --phone NUMBER")
        }
        let isSure = invocation.arguments.flag("yes")
        try invocation.arguments.finish()
        if !isSure { try confirmErasure(invocation) }
        let client = try Client(invocation)
        // Many thousands of events take a while; what was done by then stays done.
        let done = try await client.call(
            "POST",
            "/v1/erasures",
            .object(body),
            isJSON: invocation.isJSON,
            timeout: .seconds(600)
        )
        if invocation.isJSON { return Output.print(done) }
        let names = [("deliveries", "delivery"), ("challenges", "challenge"), ("events", "event")]
        let words = names.map { many, one in
            "\(Output.text(done[many])) \(done[many]?.int == 1 ? one : many)"
        }
        say("erased \(words.joined(separator: ", "))")
    }

    /// Asks whoever sits at the terminal; elsewhere `--yes` must have been given.
    private static func confirmErasure(_ invocation: Invocation) throws {
        guard !invocation.isJSON, CurrentProcess.isTerminal(0) else {
            throw CommandFailure(2, "nothing was erased: say --yes to erase")
        }
        say("This cannot be undone. Erase? [y/N]")
        guard ["y", "yes"].contains(readLine()?.lowercased() ?? "") else {
            throw CommandFailure(1, "nothing was erased")
        }
    }
}
