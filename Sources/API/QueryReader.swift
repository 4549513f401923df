import Clocks
import HTTPServer
import JSON

/// The names and values behind the question mark; a name that is not known, or comes twice, is refused.
struct QueryReader {
    private var values: [String: String] = [:]

    init(_ request: Request, _ known: [String]) throws(Problem) {
        guard let query = request.target.query else {
            throw .invalidRequest(
                JSONPointer(),
                "The query has a % without two hexadecimal digits, or bytes that are not UTF-8; encode it again."
            )
        }
        for (name, value) in query {
            let pointer = JSONPointer().appending(name)
            guard known.contains(name) else {
                let names = known.joined(separator: ", ")
                throw .invalidRequest(
                    pointer,
                    known.isEmpty
                        ? "No query is read here; leave out what stands behind the question mark."
                        : "The query has a name that is not known here; known are \(names)."
                )
            }
            guard values[name] == nil else {
                throw .invalidRequest(pointer, "\(name) stands twice in the query; give it once.")
            }
            values[name] = value
        }
    }

    func take(_ name: String) -> String? { values[name] }

    /// A value as `read` takes it; `rule` is a clause to follow "must", for the value that it does not take.
    func take<Value>(_ name: String, _ rule: String, _ read: (String) -> Value?) throws(Problem) -> Value? {
        guard let text = values[name] else { return nil }
        guard let value = read(text) else {
            throw .invalidRequest(JSONPointer().appending(name), "\(name) must \(rule).")
        }
        return value
    }

    /// The same of one of a few names.
    func take<Value>(_ name: String, of names: [String], _ read: (String) -> Value?) throws(Problem) -> Value? {
        try take(name, "be one of \(names.joined(separator: ", "))", read)
    }

    func integer(_ name: String, in bounds: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = values[name] else { return nil }
        guard text.isDigits, let number = Int(text), bounds.contains(number) else {
            throw .invalidRequest(
                JSONPointer().appending(name),
                "\(name) must be a whole number from \(bounds.lowerBound) to \(bounds.upperBound)."
            )
        }
        return number
    }

    /// `from` and `to`, each an RFC 3339 date-time or a day in UTC; `to` is not in it.
    func period(else standard: Range<Instant>) throws(Problem) -> Range<Instant> {
        let from = try instant("from") ?? standard.lowerBound
        let to = try instant("to") ?? max(standard.upperBound, from)
        guard from <= to else {
            throw .invalidRequest(JSONPointer().appending("to"), "to must not lie before from.")
        }
        return from..<to
    }

    private func instant(_ name: String) throws(Problem) -> Instant? {
        guard let text = values[name] else { return nil }
        guard let instant = Instant(ofRequest: text) ?? Instant(ofRequest: text + "T00:00:00Z") else {
            throw .invalidRequest(
                JSONPointer().appending(name),
                "\(name) must be an RFC 3339 date-time such as 2026-11-21T10:00:00Z, or a day such as 2026-11-21."
            )
        }
        return instant
    }

    /// `WRITER:SEQUENCE`.
    func position(_ name: String) throws(Problem) -> (writer: String, sequence: Int64)? {
        guard let text = values[name] else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[1].isDigits, let sequence = Int64(parts[1]) else {
            throw .invalidRequest(JSONPointer().appending(name), "\(name) must be WRITER:SEQUENCE of an entry.")
        }
        return (String(parts[0]), sequence)
    }
}

extension Instant {
    /// Reads an RFC 3339 date-time as requests may write it: with no more digits than anybody needs.
    init?(ofRequest text: String) {
        guard text.utf8.count <= 64 else { return nil }
        self.init(rfc3339: text)
    }
}

extension StringProtocol {
    /// Whether it is written in `0` to `9` alone, without the sign that a number could have.
    var isDigits: Bool { !isEmpty && utf8.allSatisfy { (0x30...0x39).contains($0) } }

    /// Whether it is written as countries are: `BS`, or `870` for numbers that belong to none.
    var isCountry: Bool {
        utf8.count == 3 ? isDigits : utf8.count == 2 && utf8.allSatisfy { (0x41...0x5a).contains($0) }
    }
}

extension Request {
    /// Refuses a query where none is read, so that nobody believes it was heeded.
    func refuseQuery() throws(Problem) { _ = try QueryReader(self, []) }

    /// Whether `Accept` prefers CSV to NDJSON (RFC 9110, section 12.5.1); without it, and of two alike, NDJSON.
    func prefersCSV() throws(Problem) -> Bool {
        guard let accept = headers["Accept"] else { return false }
        let ranges = accept.split(separator: ",").map(MediaRange.init)
        let (csv, ndjson) = (ranges.quality(of: "text/csv"), ranges.quality(of: "application/x-ndjson"))
        guard max(csv, ndjson) > 0 else {
            throw Problem(
                .notAcceptable,
                "The ledger comes as application/x-ndjson or text/csv.",
                ["allowed": ["application/x-ndjson", "text/csv"]]
            )
        }
        return csv > ndjson
    }
}

/// One of the types that an `Accept` names, with its weight.
private struct MediaRange {
    var type: String
    var quality: Double = 1

    init(_ text: Substring) {
        let parts = text.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
        type = parts.first ?? ""
        for part in parts.dropFirst() where part.hasPrefix("q=") { quality = Double(part.dropFirst(2)) ?? 0 }
    }
}

extension [MediaRange] {
    /// The weight of a type: of the most exact range that it lies in.
    fileprivate func quality(of type: String) -> Double {
        let general = type.prefix { $0 != "/" } + "/*"
        for name in [type, String(general), "*/*"] {
            if let range = first(where: { $0.type == name }) { return range.quality }
        }
        return 0
    }
}
