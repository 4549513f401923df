import Configuration
import Limits
import Testing

@Suite("The catalogue of the settings")
struct CatalogueTests {
    private let file: SettingsFile
    private let interview: Interview
    private let entries: [String: SettingsKey]

    init() throws {
        file = try SettingsFile()
        interview = try Interview(file)
        let all = SettingsTable.all.flatMap { table in
            table.keys.flatMap { key in key.names.map { (table.pattern(of: $0), key) } }
        }
        // The address of a gateway stands in two tables.
        entries = Dictionary(all) { first, _ in first }
    }

    @Test("has every key that the reading code asks for")
    func missing() {
        for (pattern, answers) in interview.answers.sorted(by: { $0.key < $1.key }) where entries[pattern] == nil {
            let path = String(pattern.dropLast(answers[0].key.count + 1))
            let table = SettingsTable.all.first { !$0.path.isEmpty && $0.path == path } ?? .all[0]
            let name = table.path.isEmpty ? pattern : answers[0].key
            let isTold = answers.contains { $0.question.standard != nil || $0.question.isRequired }
            let standard = isTold ? "" : "default: \"none, or what it is\", "
            Issue.record(
                """
                `\(pattern)` is read, and the catalogue has no entry for it. Add to the table `\(table.name)` in \
                Sources/Configuration/Catalogue
                    .key("\(name)", \(standard)means: "what it is for"),
                and write the documents with GATEPOST_WRITE_DOCS=1 swift test --filter CatalogueTests.
                """
            )
        }
    }

    @Test("has no key that the reading code does not ask for")
    func strange() {
        for pattern in entries.keys.sorted() where interview.answers[pattern] == nil {
            guard !interview.tables.contains(pattern) else { continue }
            Issue.record(
                """
                `\(pattern)` stands in the catalogue, and no scene makes the reading code ask for it. Take it out of \
                Sources/Configuration/Catalogue, or give a scene of SettingsScene.swift what makes it asked for.
                """
            )
        }
    }

    @Test("knows the keys of every table")
    func tables() {
        for table in interview.tables.sorted() where !table.hasSuffix(".headers") && table != "tenants[].limits" {
            let isAsked = interview.answers.keys.contains { $0.hasPrefix(table + ".") || $0.hasPrefix(table + "[].") }
            #expect(
                isAsked,
                "the table `\(table)` is read, and its keys in no scene: add one that has it to SettingsScene.swift"
            )
        }
    }

    @Test("says what every key is where it is left out, and what it may be")
    func unsaid() {
        for (pattern, entry) in entries.sorted(by: { $0.key < $1.key }) {
            guard let answers = interview.answers[pattern] else { continue }
            let place = "the entry of `\(pattern)` in Sources/Configuration/Catalogue"
            let standards = interview.standards(of: pattern)
            let isRequired = answers.contains(where: \.question.isRequired)
            if entry.standard == nil, standards.isEmpty, !isRequired {
                Issue.record(
                    """
                    nothing tells the default of `\(pattern)`. Read it with `default:`, such as \
                    section.duration("\(answers[0].key)", default: .seconds(10), in: …), or say default: "none" or \
                    what it is in \(place).
                    """
                )
            }
            if entry.standard == nil, standards.count > 1, !pattern.contains(".NAME.") {
                Issue.record("`\(pattern)` has several defaults, \(standards): say default: in \(place).")
            }
            let bounds = interview.bounds(of: pattern)
            if entry.allowed == nil, bounds.count > 1 {
                Issue.record("`\(pattern)` has several bounds, \(bounds.map(\.shown)): say allowed: in \(place).")
            }
            // What is said all the same must have the figures that are read.
            if let words = entry.standard {
                for standard in standards {
                    #expect(words.contains(standard.value.shown), "default: of \(place)")
                }
            }
            if let words = entry.allowed, bounds.count == 1, let most = bounds[0].shown.split(separator: " ").last {
                #expect(words.contains(most), "allowed: of \(place)")
            }
        }
    }

    @Test("has the bounds that are kept")
    func bounds() throws {
        var accepted: Set<String> = []
        var wanted: Set<String> = []
        for (pattern, answer) in interview.all {
            guard let bounds = answer.question.bounds else { continue }
            let values = { (values: [String]) in
                values.compactMap { value in
                    answer.scene
                        .writing(answer.key, answer.question.isList ? "[\(value)]" : value, of: answer.section)
                        .map { (value, $0) }
                }
            }
            for (value, text) in values(bounds.beyond) {
                let error = #expect(throws: SettingsError.self, "\(pattern) = \(value)") { try file.settings(text) }
                #expect(error?.key == answer.question.path)
                #expect(error?.reason.contains(bounds.refusal) == true, "\(error?.description ?? "")")
            }
            // A rule between keys may refuse it in one scene; then it must pass in another.
            for value in bounds.ends { wanted.insert("\(pattern) = \(value)") }
            for (value, text) in values(bounds.ends) where (try? file.settings(text)) != nil {
                accepted.insert("\(pattern) = \(value)")
            }
        }
        #expect(
            wanted.subtracting(accepted).sorted() == [],
            """
            these are within the bounds that are told, and every scene of SettingsScene.swift refuses them, or has no \
            place for them: a comment with the path of the entry, such as # gateways.mail
            """
        )
    }

    @Test("has defaults that change nothing when they are written out")
    func defaults() throws {
        var untried: Set<String> = []
        var tried: Set<String> = []
        for (pattern, answer) in interview.all where !answer.scene.has(answer.key, of: answer.section) {
            let words = entries[pattern]?.standard.flatMap(SettingsValue.literal(ofShown:))
            // The description of a kind has defaults of its own.
            let isPreset = answer.section.hasPrefix("gateways.preset")
            guard let literal = answer.question.standard?.literal ?? (isPreset ? nil : words) else { continue }
            untried.insert(pattern)
            guard let text = answer.scene.writing(answer.key, literal, of: answer.section) else { continue }
            tried.insert(pattern)
            #expect(
                try file.reads(text, as: answer.scene.text),
                "\(answer.question.path) = \(literal) is said to be the default; in the scene of \(answer.scene.name)"
            )
        }
        #expect(untried.subtracting(tried).sorted() == [], "no scene of SettingsScene.swift has a place for these")
    }

    @Test("has true words where a default has no single value", arguments: WordedDefault.all)
    func words(worded: WordedDefault) throws {
        let scene = try #require(SettingsScene.named(worded.scene))
        let text = try #require(scene.writing(worded.key, worded.literal, of: worded.section))
        #expect(!scene.has(worded.key, of: worded.section))
        #expect(try file.reads(text, as: scene.text))
    }

    @Test("has no words for a default that nobody tried")
    func untried() {
        let tried = Set(WordedDefault.all.map(\.pattern))
        for table in SettingsTable.all {
            for key in table.keys where key.names != ["limits"] {
                let patterns = key.names.map { table.pattern(of: $0) }
                guard let words = key.standard, !WordedDefault.isAbsence(words),
                    SettingsValue.literal(ofShown: words) == nil, interview.standards(of: patterns[0]).isEmpty
                else { continue }
                #expect(
                    patterns.contains(where: tried.contains),
                    "the default of `\(patterns[0])` is told in words; add what it is in a scene to WordedDefault.swift"
                )
            }
        }
    }

    @Test("stands in the documents")
    func documents() throws {
        let differences = try SettingsDocument(interview).differences()
        #expect(differences == [], "\(differences.joined(separator: "\n"))")
    }

    @Test("has the standard limits that hold")
    func standardLimits() throws {
        let document = try SettingsDocument.text("settings.md")
        for limit in Limit.standard {
            let row = "| `\(limit.name)` | `\(limit.scope.rawValue)` | `\(limit.rate.text)` |"
            #expect(document.contains(row), "docs/settings.md has no row \(row)")
        }
    }
}
