import AuthEvents
import HTTPServer
import JSON

extension Request {
    /// The media type without its parameters, in lower case.
    var mediaType: String? {
        guard let type = headers["Content-Type"] else { return nil }
        return type.prefix { $0 != ";" }.trimmingBlanks.lowercased()
    }

    /// The body as JSON of one of the given types; a request without a type is taken as the first.
    func json(_ types: String...) throws(Problem) -> JSONValue {
        guard types.contains(mediaType ?? types[0]) else { throw .unsupportedMediaType([types[0]]) }
        do {
            return try JSONValue(parsing: body)
        } catch {
            throw Problem(error)
        }
    }

    /// The body as one JSON object whose members are among the given.
    func object(_ members: String...) throws(Problem) -> MemberReader { try object(members) }

    func object(_ members: [String]) throws(Problem) -> MemberReader {
        guard case .object(let object) = try json("application/json") else {
            throw .invalidRequest(JSONPointer(), "The body must be a JSON object.")
        }
        let reader = MemberReader(object)
        try problem { () throws(EventProblem) in try reader.refuseOthers(than: members) }
        return reader
    }
}

/// Runs a reading and turns its complaint into the problem of a request.
func problem<Result>(_ read: () throws(EventProblem) -> Result) throws(Problem) -> Result {
    do {
        return try read()
    } catch {
        throw .invalidRequest(error.pointer, error.reason)
    }
}

extension Request {
    /// A body comes as it is: one that is compressed would be read as something else.
    func refuseEncoding() throws(Problem) {
        guard let encoding = headers["Content-Encoding"], encoding.lowercased() != "identity" else { return }
        throw Problem(
            .unsupportedMediaType,
            "Send the body as it is, without Content-Encoding.",
            ["allowed": ["identity"]]
        )
    }
}

extension MemberReader {
    /// A whole number within bounds; `standard` where it is missing.
    func integer(_ name: String, in bounds: ClosedRange<Int64>, else standard: Int64) throws(EventProblem) -> Int64 {
        guard let value = object[name] else { return standard }
        guard case .integer(let number) = value, bounds.contains(number) else {
            throw problem(name, "\(name) must be a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return number
    }

    /// An array of so many objects.
    func objects(_ name: String, count: ClosedRange<Int>) throws(EventProblem) -> [MemberReader] {
        guard case .array(let items) = object[name], count.contains(items.count) else {
            throw problem(name, "\(name) must be an array of \(count.lowerBound) to \(count.upperBound) objects")
        }
        var readers: [MemberReader] = []
        for (index, item) in items.enumerated() {
            let pointer = self.pointer.appending(name).appending(index)
            guard case .object(let object) = item else { throw EventProblem(at: pointer, "this must be an object") }
            readers.append(MemberReader(object, at: pointer))
        }
        return readers
    }

    /// An array of strings; empty where it is missing.
    func strings(_ name: String, count: ClosedRange<Int>) throws(EventProblem) -> [String] {
        guard let value = object[name] else { return [] }
        guard case .array(let items) = value, count.contains(items.count) else {
            throw problem(name, "\(name) must be an array of \(count.lowerBound) to \(count.upperBound) strings")
        }
        var strings: [String] = []
        for (index, item) in items.enumerated() {
            guard case .string(let text) = item else {
                throw EventProblem(at: pointer.appending(name).appending(index), "this must be a string")
            }
            strings.append(text)
        }
        return strings
    }
}

extension Substring {
    var trimmingBlanks: Substring {
        var rest = self
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest.drop { $0.isWhitespace }
    }
}

extension API {
    /// The `Idempotency-Key` of a request, `nil` where it has none.
    func idempotencyKey(of request: Request) throws(Problem) -> String? {
        let key = request.headers["Idempotency-Key"]
        if let key, !(1...255).contains(key.utf8.count) {
            throw .invalidRequest(JSONPointer(), "Idempotency-Key must have 1 to 255 bytes.")
        }
        return key
    }
}
