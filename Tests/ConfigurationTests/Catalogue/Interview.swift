import Configuration

/// What the reading code asked in all scenes, and what it said of each key.
struct Interview {
    struct Answer {
        var scene: SettingsScene
        var question: SettingsQuestion

        var key: String { String(question.path.split(separator: ".").last ?? "") }
        /// The path of the table that the key stands in.
        var section: String { String(question.path.dropLast(key.count).dropLast()) }
    }

    /// By the keys' paths as the documents write them, one for each scene and entry.
    private(set) var answers: [String: [Answer]] = [:]
    /// Tables that may stand in the settings, without the `[]` of their entries.
    private(set) var tables: Set<String> = []

    init(_ file: SettingsFile) throws {
        for scene in SettingsScene.all {
            let questions = SettingsQuestions()
            _ = try file.settings(scene.text, questions: questions)
            for question in questions.asked {
                // A tenant's own limits have the keys of all, and the documents tell them once.
                let pattern = question.pattern.replacing("tenants[].limits[].", with: "limits[].")
                if question.isTable {
                    tables.insert(pattern.hasSuffix("[]") ? String(pattern.dropLast(2)) : pattern)
                } else if !pattern.contains(".headers.") {
                    // Names of header fields are no keys.
                    answers[pattern, default: []].append(Answer(scene: scene, question: question))
                }
            }
        }
    }

    var all: [(pattern: String, answer: Answer)] {
        answers.sorted { $0.key < $1.key }.flatMap { pattern, answers in answers.map { (pattern, $0) } }
    }

    /// What a key is where it is left out, each value once and the most frequent first, with the names it holds for.
    func standards(of pattern: String) -> [(value: SettingsValue, names: [String])] {
        let place = pattern.split(separator: ".").firstIndex(of: "NAME")
        var found: [(value: SettingsValue, names: [String])] = []
        for answer in answers[pattern] ?? [] {
            guard let value = answer.question.standard else { continue }
            let name = place.map { String(answer.question.path.split(separator: ".")[$0]) } ?? ""
            let index = found.firstIndex { $0.value == value } ?? found.count
            if index == found.count { found.append((value, [])) }
            if !found[index].names.contains(name) { found[index].names.append(name) }
        }
        guard let most = found.map(\.names.count).max(), let first = found.firstIndex(where: { $0.names.count == most })
        else { return [] }
        return [found.remove(at: first)] + found
    }

    /// What it may be, each bounds once.
    func bounds(of pattern: String) -> [SettingsBounds] {
        (answers[pattern] ?? []).compactMap(\.question.bounds).reduce(into: []) { unique, bounds in
            if !unique.contains(bounds) { unique.append(bounds) }
        }
    }
}
