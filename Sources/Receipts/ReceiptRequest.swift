/// A request that says it is a gateway's receipt; nothing in it is sure yet.
package struct ReceiptRequest: Sendable {
    package var method: String
    /// With its query, as the gateway was given it; `nil` where the public address is not known.
    package var url: String?
    /// As it was sent, without the question mark.
    package var query: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(
        method: String,
        url: String?,
        query: String = "",
        headers: [(name: String, value: String)],
        body: [UInt8]
    ) {
        (self.method, self.url, self.query) = (method, url, query)
        (self.headers, self.body) = (headers, body)
    }

    /// A GET tells by its query, anything else by its body.
    var tellsByQuery: Bool { method == "GET" }

    /// The one value of a field.
    ///
    /// - Throws: ``ReceiptRefusal/notAuthentic`` where it is missing, empty or there twice.
    func single(_ name: String) throws(ReceiptRefusal) -> String {
        guard let value = try optional(name), !value.isEmpty else { throw .notAuthentic }
        return value
    }

    /// - Throws: ``ReceiptRefusal/notAuthentic`` where it is there twice: which of them counts is anybody's guess.
    func optional(_ name: String) throws(ReceiptRefusal) -> String? {
        let values = headers.filter { $0.name.lowercased() == name.lowercased() }
        guard values.count <= 1 else { throw .notAuthentic }
        return values.first?.value
    }

    /// The media type of the body in lower case, without parameters; empty where there is none.
    var mediaType: String {
        let type = headers.first { $0.name.lowercased() == "content-type" }?.value ?? ""
        return type.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
    }

    var isForm: Bool { mediaType == "application/x-www-form-urlencoded" }
}
