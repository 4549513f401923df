import JSON
import Testing

@Suite("Bad input", .timeLimit(.minutes(12)))
struct ProbeTests {
    private static let themes: [ProbeTheme] = [
        .bytes, .modes, .envelopes, .times, .members, .addresses, .numbers, .texts, .links, .codes, .batches, .requests,
        .verification, .queries, .paths, .methods, .framing, .access,
        .slowness,
    ]

    @Test("is answered as intended and as docs/api.md tells, is not accepted, and leaves the server well")
    func probes() async throws {
        var (asked, messages) = try await ask(ProbeTests.themes.dropLast())
        // Where nobody has to wait long for what never comes.
        let impatient = ["HEADER", "BODY"].map { "GATEPOST_SERVER_\($0)_DEADLINE=5s" }
        let (slow, more) = try await ask(ProbeTests.themes.suffix(1), impatient)
        asked += slow
        messages.merge(more) { first, _ in first }
        try compare(asked, messages)
    }

    /// Sends the probes of some themes to a server of their own.
    private func ask(
        _ themes: ArraySlice<ProbeTheme>,
        _ variables: [String] = []
    ) async throws -> ([[(Probe.Case, ProbeAnswer)]], [String: JSONValue]) {
        var settings = InstallationSettings.branded(tables: ["[[tenants]]\nname = \"shop\""])
        settings.listen = "127.0.0.1:0"
        var asked: [[(Probe.Case, ProbeAnswer)]] = []
        var messages: [String: JSONValue] = [:]
        try await Installation.make(settings) { post in
            let scene = try await ProbeScene(post, variables)
            for probe in themes.flatMap(\.probes) {
                var answers: [(Probe.Case, ProbeAnswer)] = []
                for each in probe.cases {
                    let (answer, complaints) = await scene.run(each)
                    for complaint in complaints { Issue.record("\(probe.name), \(each.shown): \(complaint)") }
                    answers.append((each, answer))
                }
                asked.append(answers)
            }
            messages = try await scene.messages()
            #expect(Set(messages.keys) == scene.known, "the sandbox has other messages than those that were accepted")
        }
        return (asked, messages)
    }

    /// Looks for what the messages must show, and compares the answers with the document.
    private func compare(_ asked: [[(Probe.Case, ProbeAnswer)]], _ messages: [String: JSONValue]) throws {
        var table = ProbeTable()
        var rest = asked[...]
        for theme in ProbeTests.themes {
            table.begin(theme)
            for probe in theme.probes {
                let answers = (rest.popFirst() ?? []).map { each, answer in
                    var answer = answer
                    if let sight = each.intention.sight {
                        let message = answer.deliveries.first.flatMap { messages[$0] }
                        if sight.isInMessage { answer.seen = message.flatMap(sight.look) }
                        #expect(
                            answer.seen == sight.expected,
                            "\(probe.name), \(each.shown): \((message ?? answer.body).text)"
                        )
                    }
                    let text = each.standIns.reduce(answer.text) { $0.replacing($1.text, with: $1.replacement) }
                    return (each.shown, text)
                }
                table.add(probe, answers)
            }
        }
        #expect(try table.difference() == nil)
    }
}
