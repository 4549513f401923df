import Clocks
import Composition
import JSON
import Spend

extension HTTPDescription {
    /// Reads a description and tries it with values of the kind that will be filled in.
    init(_ layers: DescriptionLayers, hasAccount: Bool, hasSecret: Bool) throws(SettingsError) {
        method = try HTTPDescription.method(layers)
        contentType = try HTTPDescription.choice(layers, "content_type") ?? .json
        url = try layers.template("url", HTTPDescription.address(layers))
        isBasic = try HTTPDescription.choice(layers, "authorization", as: Authorization.self) == .basic
        headers = try HTTPDescription.headers(layers, isBasic: isBasic, names: HTTPDescription.variables)
        body = try layers.template("body", layers.required("body", "a template such as {\"to\":\"{{to}}\", …}"))
        var lists = AnswerMeanings.standard
        for meaning in AnswerMeaning.allCases {
            if let conditions = try layers.conditions(meaning.rawValue) { lists[meaning] = conditions }
        }
        guard lists[.accepted]?.isEmpty == false else {
            throw layers.own.error("accepted", "must have at least one entry, or no message would count as taken")
        }
        meanings = AnswerMeanings(lists)
        reference = try layers.pointer("reference")
        price = try layers.pointer("price")
        currency = try HTTPDescription.currency(layers)
        code = try layers.pointer("code")
        detail = try layers.pointer("detail")
        validity = try HTTPDescription.validity(layers)
        guard (price == nil) == (currency == nil) else {
            throw layers.own.error(price == nil ? "price" : "currency", "price and currency belong together")
        }
        try tryOut(layers)
        try layers.requireLogin(
            for: [url, body] + headers.map(\.value),
            isBasic: isBasic,
            hasAccount: hasAccount,
            hasSecret: hasSecret
        )
        ask = try QuestionDescription(
            layers,
            of: headers,
            isBasic: isBasic,
            hasAccount: hasAccount,
            hasSecret: hasSecret
        )
    }

    private enum Authorization: String, CaseIterable { case basic }

    /// Methods that nothing on the way repeats by itself (RFC 9110, section 9.2.2 allows that for GET).
    private static func method(_ layers: DescriptionLayers) throws(SettingsError) -> String {
        let method = try layers.string("method") ?? "POST"
        guard ["POST", "PUT", "PATCH"].contains(method) else {
            throw layers.own.error("method", "must be POST, PUT or PATCH; a GET may be repeated on the way")
        }
        return method
    }

    static func choice<Choice: RawRepresentable & CaseIterable>(
        _ layers: DescriptionLayers,
        _ key: String,
        as type: Choice.Type = Choice.self
    ) throws(SettingsError) -> Choice? where Choice.RawValue == String {
        guard let text = try layers.string(key) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw layers.own.error(key, "must be " + Choice.allCases.map(\.rawValue).joined(separator: " or "))
        }
        return choice
    }

    /// `url`, with `path` behind it where there is one.
    private static func address(_ layers: DescriptionLayers) throws(SettingsError) -> String {
        let url = try layers.baseURL()
        guard let path = try layers.string("path") else { return url }
        guard path.hasPrefix("/") else { throw layers.own.error("path", "must begin with /") }
        return (url.hasSuffix("/") ? String(url.dropLast()) : url) + path
    }

    static func headers(
        _ layers: DescriptionLayers,
        isBasic: Bool,
        names: Set<String>
    ) throws(SettingsError) -> [Header] {
        let ours = ["content-type", "content-length", "transfer-encoding", "expect", "host"]
        var headers: [Header] = []
        for (name, value, section) in try layers.headers() {
            let isToken = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }
            guard isToken, !ours.contains(name.lowercased()), !(isBasic && name.lowercased() == "authorization") else {
                throw section.error(name, "must be the name of a field that does not follow from the other keys")
            }
            guard !value.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
                throw section.error(name, "must have no line break and no other control character")
            }
            do throws(TemplateError) {
                headers.append(Header(name: name, value: try Template(value, names: names)))
            } catch {
                throw section.error(name, error.whatIsAllowed(names))
            }
        }
        return headers
    }

    static func currency(_ layers: DescriptionLayers) throws(SettingsError) -> CurrencySource? {
        guard let text = try layers.string("currency") else { return nil }
        if let currency = Currency(text) { return .literal(currency) }
        guard let pointer = JSONPointer(text: text) else {
            throw layers.own.error("currency", "must be a currency such as USD, or a JSON Pointer such as /price_unit")
        }
        return .pointer(pointer)
    }

    private static func validity(_ layers: DescriptionLayers) throws(SettingsError) -> ClosedRange<Int64> {
        guard let texts = try layers.strings("validity") else { return 1...604_800 }
        let seconds = texts.compactMap { Duration(text: $0) }.map { $0.milliseconds / 1000 }
        guard seconds.count == 2, texts.count == 2, seconds[0] >= 1, seconds[0] <= seconds[1] else {
            throw layers.own.error("validity", "must be the shortest and the longest period, such as [\"1s\", \"10h\"]")
        }
        return seconds[0]...seconds[1]
    }

    /// Fills the templates in, with and without what a message may lack.
    private func tryOut(_ layers: DescriptionLayers) throws(SettingsError) {
        let bare = [
            "to": "+12025550123", "from": "Gatepost", "text": "a", "reference": "at_1", "valid_for_seconds": "60",
            "account": "a", "secret": "s",
        ]
        let full = bare.merging(["callback_url": "https://example.com/"]) { $1 }
        for values in [bare, full] {
            guard url.rendered(with: values, as: .url).utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw layers.own.error("url", "must have no blank and no character outside ASCII; write them as %XX")
            }
            let text = body.rendered(with: values, as: contentType.output)
            switch contentType {
            case .json:
                // Where it is wrong depends on the values; the reason would name a place that nobody sees.
                guard (try? JSONValue(parsing: Array(text.utf8))) != nil else {
                    throw layers.own.error("body", "must be JSON once its places are filled in: texts stand in quotes")
                }
            case .form:
                guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                    throw layers.own.error("body", "must be NAME=VALUE&… without blanks and line breaks")
                }
            }
        }
    }
}

extension DescriptionLayers {
    /// Refuses a request that logs in with what the gateway does not have.
    func requireLogin(
        for templates: [Template],
        isBasic: Bool,
        hasAccount: Bool,
        hasSecret: Bool
    ) throws(SettingsError) {
        let needed = templates.reduce(into: Set<String>()) { $0.formUnion($1.needed) }
        for (key, isThere) in [("account", hasAccount), ("secret", hasSecret)] where !isThere {
            if isBasic { throw own.error(key, "is required: the gateway is logged in to with account and secret") }
            if needed.contains(key) { throw own.error(key, "is required: the request names {{\(key)}}") }
        }
    }
}
