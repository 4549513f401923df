import Composition
import JSON

extension QuestionDescription {
    /// Reads the table `ask` and tries it with values of the kind that will be filled in; `nil` where there is none.
    ///
    /// What is left out of it and has no standard of its own is as for a send: the fields and the login.
    init?(
        _ gateway: DescriptionLayers,
        of headers: [HTTPDescription.Header],
        isBasic: Bool,
        hasAccount: Bool,
        hasSecret: Bool
    ) throws(SettingsError) {
        guard let layers = try gateway.table("ask") else { return nil }
        method = try layers.string("method") ?? "GET"
        guard ["GET", "POST"].contains(method) else { throw layers.own.error("method", "must be GET or POST") }
        url = try layers.template("url", Self.address(layers, gateway), names: Self.variables)
        contentType = try HTTPDescription.choice(layers, "content_type") ?? .json
        let authorization: Authorization? = try HTTPDescription.choice(layers, "authorization")
        self.isBasic = authorization.map { $0 == .basic } ?? isBasic
        self.headers = try Self.headers(layers, gateway: headers, isBasic: self.isBasic)
        body = try Self.body(layers, method: method)
        meanings = try Self.meanings(layers)
        reference = try layers.pointer("reference")
        price = try layers.pointer("price")
        currency = try HTTPDescription.currency(layers)
        code = try layers.pointer("code")
        detail = try layers.pointer("detail")
        guard (price == nil) == (currency == nil) else {
            throw layers.own.error(price == nil ? "price" : "currency", "price and currency belong together")
        }
        try tryOut(layers)
        try layers.requireLogin(
            for: [url, body].compactMap(\.self) + self.headers.map(\.value),
            isBasic: self.isBasic,
            hasAccount: hasAccount,
            hasSecret: hasSecret
        )
        try layers.own.refuseUnknown()
    }

    private enum Authorization: String, CaseIterable { case basic, none }

    /// A URL of its own, or the gateway's with `path` behind it.
    private static func address(
        _ layers: DescriptionLayers,
        _ gateway: DescriptionLayers
    ) throws(SettingsError) -> String {
        let path = try layers.string("path")
        let isElsewhere = try layers.string("url") != nil
        guard path != nil || isElsewhere else {
            throw layers.own.error("path", "is required: what is put behind the gateway's url; or give a url")
        }
        let base = try gateway.baseURL()
        let url = try isElsewhere ? layers.baseURL() : base
        guard url.hasPrefix("https://") || !base.hasPrefix("https://") else {
            throw layers.own.error("url", "must begin with https:// as the gateway's own does: the login goes along")
        }
        guard let path else { return url }
        guard path.hasPrefix("/") else { throw layers.own.error("path", "must begin with /") }
        return (url.hasSuffix("/") ? String(url.dropLast()) : url) + path
    }

    /// Fields of its own, or those of a send, which mostly hold the login.
    private static func headers(
        _ layers: DescriptionLayers,
        gateway headers: [HTTPDescription.Header],
        isBasic: Bool
    ) throws(SettingsError) -> [HTTPDescription.Header] {
        let own = try HTTPDescription.headers(layers, isBasic: isBasic, names: variables)
        guard own.isEmpty else { return own }
        for header in headers where !Set(header.value.named).isSubset(of: variables) {
            throw layers.own.error(
                "headers",
                "are required: the gateway's field \(header.name) names what a question does not have; known are "
                    + variables.sorted().joined(separator: ", ")
            )
        }
        return headers
    }

    private static func body(_ layers: DescriptionLayers, method: String) throws(SettingsError) -> Template? {
        guard let source = try layers.string("body") else { return nil }
        guard method == "POST" else { throw layers.own.error("body", "needs method = \"POST\"") }
        return try layers.template("body", source, names: variables)
    }

    private static func meanings(_ layers: DescriptionLayers) throws(SettingsError) -> AnswerLists<QuestionMeaning> {
        var lists: [QuestionMeaning: [AnswerCondition]] = [:]
        for meaning in QuestionMeaning.allCases { lists[meaning] = try layers.conditions(meaning.rawValue) ?? [] }
        guard lists[.accepted]?.isEmpty == false else {
            throw layers.own.error(
                "accepted",
                "is required: the answers that say that the gateway has the message, such as [\"/status=sent\"]"
            )
        }
        return AnswerLists(lists)
    }

    /// Fills the templates in, with and without the gateway's name where that may be missing.
    private func tryOut(_ layers: DescriptionLayers) throws(SettingsError) {
        let bare = ["to": "+12025550123", "reference": "at_1", "account": "a", "secret": "s"]
        let full = bare.merging(["gateway_reference": "m1"]) { $1 }
        for values in needsReference ? [full] : [bare, full] {
            guard url.rendered(with: values, as: .url).utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw layers.own.error("url", "must have no blank and no character outside ASCII; write them as %XX")
            }
            guard let text = body?.rendered(with: values, as: contentType.output) else { continue }
            switch contentType {
            case .json:
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
