import JSON

/// What `GET /metrics` answered.
struct Scrape: Sendable {
    let text: String
    /// Types by name.
    let types: [String: String]
    /// Values as they are written, by name and labels: `gatepost_carriers{channel="sms"}`.
    let values: [String: String]

    /// - Throws: ``Disappointment`` where it is no metrics, or has a series twice.
    init(_ answer: Installation.Answer) throws {
        guard answer.status == 200, let text = answer.body.string else {
            throw Disappointment("The metrics were answered \(answer.status): \(answer.body)")
        }
        self.text = text
        var (types, values): ([String: String], [String: String]) = ([:], [:])
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if line.hasPrefix("# TYPE ") {
                guard types.updateValue(String(words[3]), forKey: String(words[2])) == nil else {
                    throw Disappointment("\(words[2]) is announced twice.")
                }
            } else if !line.hasPrefix("#"), let blank = line.lastIndex(of: " ") {
                let (series, value) = (String(line[..<blank]), String(line[line.index(after: blank)...]))
                guard values.updateValue(value, forKey: series) == nil else {
                    throw Disappointment("\(series) is there twice.")
                }
            }
        }
        (self.types, self.values) = (types, values)
    }

    subscript(_ name: String, _ labels: String) -> String? { values["\(name){\(labels)}"] }

    func number(_ series: String) -> Double { values[series].flatMap { Double($0) } ?? -1 }

    /// The sum over all series of a name.
    func sum(_ name: String) -> Double {
        values.filter { $0.key.hasPrefix(name + "{") }.values.compactMap { Double($0) }.reduce(0, +)
    }
}

extension Installation {
    func scrape(at url: String? = nil) async throws -> Scrape { try Scrape(await call("GET", "/metrics", at: url)) }
}
