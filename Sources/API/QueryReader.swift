import Clocks
import HTTPServer
import JSON

/// The names and values behind the question mark; a name that is not known, or comes twice, is refused.
struct QueryReader {
    private var values: [String: String] = [:]

    init(_ request: Request, _ known: [String]) throws(Problem) {
        guard let query = request.target.query else {
            throw .invalidRequest(JSONPointer(), "The query has a percent sign without two hexadecimal digits.")
        }
        for (name, value) in query {
            guard known.contains(name), values[name] == nil else {
                throw .invalidRequest(
                    JSONPointer().appending(name),
                    "\(name.prefix(32)) is not known here or stands twice; known are \(known.joined(separator: ", "))."
                )
            }
            values[name] = value
        }
    }

    func take(_ name: String) -> String? { values[name] }

    func integer(_ name: String, in bounds: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = values[name] else { return nil }
        guard let number = Int(text), bounds.contains(number) else {
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
        guard let instant = Instant(rfc3339: text) ?? Instant(rfc3339: text + "T00:00:00Z") else {
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
        let parts = text.split(separator: ":")
        guard parts.count == 2, let sequence = Int64(parts[1]) else {
            throw .invalidRequest(JSONPointer().appending(name), "\(name) must be WRITER:SEQUENCE of an entry.")
        }
        return (String(parts[0]), sequence)
    }
}

extension Request {
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
