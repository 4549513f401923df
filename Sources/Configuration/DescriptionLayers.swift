import Composition
import JSON
import TOML

/// A gateway's own keys over those of its preset.
struct DescriptionLayers {
    let own: SettingsSection
    private let preset: SettingsSection?

    init(_ own: SettingsSection, kind: String) throws(SettingsError) {
        try self.init(own, preset: HTTPDescription.presets[kind], named: kind)
    }

    private init(_ own: SettingsSection, preset: SettingsSection?) {
        (self.own, self.preset) = (own, preset)
    }

    /// A table inside; `nil` where neither has it.
    func table(_ key: String) throws(SettingsError) -> DescriptionLayers? {
        let inner = try own.section(key)
        let layer = try preset?.section(key)
        guard inner.isThere || layer?.isThere == true else { return nil }
        return DescriptionLayers(inner, preset: layer)
    }

    /// `text`: The keys of the preset, if there is one.
    init(_ own: SettingsSection, preset text: String?, named name: String) throws(SettingsError) {
        self.own = own
        guard let text else {
            preset = nil
            return
        }
        let file = "the preset \(name)"
        do throws(TOMLError) {
            let table = try TOMLTable(parsing: text)
            preset = SettingsSection(
                table,
                line: nil,
                path: own.path,
                file: file,
                environment: SettingsEnvironment([:])
            )
        } catch {
            throw SettingsError(file: file, line: error.line, key: nil, reason: error.reason)
        }
    }

    func string(_ key: String) throws(SettingsError) -> String? {
        if let text = try own.string(key) { return text }
        return try preset?.string(key)
    }

    func strings(_ key: String) throws(SettingsError) -> [String]? {
        if let texts = try own.strings(key) { return texts }
        return try preset?.strings(key)
    }

    func boolean(_ key: String) throws(SettingsError) -> Bool? {
        if let flag = try own.boolean(key) { return flag }
        return try preset?.boolean(key)
    }

    func required(_ key: String, _ meaning: String) throws(SettingsError) -> String {
        guard let text = try string(key), !text.isEmpty else { throw own.error(key, "is required: \(meaning)") }
        return text
    }

    /// Where the gateway is; a preset knows, and every kind takes another.
    func baseURL() throws(SettingsError) -> String {
        let url = try required("url", "https://HOST/PATH")
        guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
            throw own.error("url", "must begin with https:// or http://")
        }
        return url
    }

    /// The own table of header fields, or the preset's as a whole.
    func headers() throws(SettingsError) -> [(name: String, value: String, section: SettingsSection)] {
        var section = try own.section("headers")
        if section.names.isEmpty, let preset { section = try preset.section("headers") }
        var headers: [(name: String, value: String, section: SettingsSection)] = []
        for name in section.names { headers.append((name, try section.string(name) ?? "", section)) }
        return headers
    }

    func template(
        _ key: String,
        _ source: String,
        names: Set<String> = HTTPDescription.variables
    ) throws(SettingsError) -> Template {
        do throws(TemplateError) {
            return try Template(source, names: names)
        } catch {
            throw own.error(key, error.whatIsAllowed(names))
        }
    }

    func pointer(_ key: String) throws(SettingsError) -> JSONPointer? {
        guard let text = try string(key) else { return nil }
        guard let pointer = JSONPointer(text: text) else {
            throw own.error(key, "must be a JSON Pointer into the answer such as /id or /messages/0/id")
        }
        return pointer
    }

    /// A list of statuses, as numbers or texts, and of members of the answer.
    func conditions(_ key: String) throws(SettingsError) -> [AnswerCondition]? {
        var node = try own.node(key)
        if node == nil { node = try preset?.node(key) }
        guard let node else { return nil }
        let allowed = "must be a list of statuses such as 201 or \"4xx\", or \"POINTER=VALUE\" such as \"/status=0\""
        guard case .array(let items) = node.value else { throw own.error(key, allowed) }
        var conditions: [AnswerCondition] = []
        for item in items {
            let text =
                switch item.value {
                case .string(let text): text
                case .integer(let status): String(status)
                default: ""
                }
            guard let condition = AnswerCondition(text) else { throw own.error(key, allowed) }
            conditions.append(condition)
        }
        return conditions
    }
}

extension TemplateError {
    /// Place and reason, and the names there are.
    func whatIsAllowed(_ names: Set<String>) -> String {
        "\(self); known are \(names.sorted().joined(separator: ", "))"
    }
}
