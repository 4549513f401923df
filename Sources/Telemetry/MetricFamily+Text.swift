extension MetricFamily {
    /// What announces the text to who asked for it.
    package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// Families in the text format of Prometheus, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).
    package static func text(of families: [MetricFamily]) -> String {
        var text = ""
        for family in families { family.write(to: &text) }
        return text
    }

    private func write(to text: inout String) {
        let name = description.name
        text += "# HELP \(name) \(MetricFamily.escaping(help: description.help))\n# TYPE \(name) \(kind.rawValue)\n"
        for (values, value) in series.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let labels = Array(zip(description.labels, values))
            switch value {
            case .integer(let number): text += line(name, labels, "\(number)")
            case .real(let number): text += line(name, labels, MetricFamily.text(of: number))
            case .tally(let tally, let bounds): write(tally, bounds, labels, to: &text)
            }
        }
    }

    /// Each bucket holds what the ones before it hold, too.
    private func write(
        _ tally: Histogram.Tally,
        _ bounds: [Double],
        _ labels: [(String, String)],
        to text: inout String
    ) {
        var count: Int64 = 0
        for (bound, more) in zip(bounds + [.infinity], tally.buckets) {
            count += more
            text += line(description.name + "_bucket", labels + [("le", MetricFamily.text(of: bound))], "\(count)")
        }
        text += line(description.name + "_sum", labels, MetricFamily.text(of: tally.sum))
        text += line(description.name + "_count", labels, "\(count)")
    }

    private func line(_ name: String, _ labels: [(String, String)], _ value: String) -> String {
        let pairs = labels.map { "\($0)=\"\(MetricFamily.escaping(label: $1))\"" }
        return name + (pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}") + " \(value)\n"
    }

    /// As Go's `ParseFloat` reads it.
    private static func text(of number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
        return "\(number)"
    }

    private static func escaping(help: String) -> String {
        help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    private static func escaping(label: String) -> String { escaping(help: label).replacing("\"", with: "\\\"") }
}
