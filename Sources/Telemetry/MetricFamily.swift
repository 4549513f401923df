/// What a metric is called, what it means, and what its series are told apart by.
package struct MetricDescription: Sendable, Hashable {
    package let name: String
    /// One sentence.
    package let help: String
    /// The names of the labels.
    package let labels: [String]

    package init(_ name: String, _ help: String, labels: [String] = []) {
        (self.name, self.help, self.labels) = (name, help, labels)
    }
}

/// All series of one metric, as they stand at a moment.
package struct MetricFamily: Sendable, Equatable {
    package enum Kind: String, Sendable { case counter, gauge, histogram }

    package enum Value: Sendable, Equatable {
        case integer(Int64)
        case real(Double)
        case tally(Histogram.Tally, bounds: [Double])
    }

    package var description: MetricDescription
    package var kind: Kind
    /// By the values of the labels, in the order of their names, so that no series can come twice.
    package var series: [[String]: Value]

    package init(_ description: MetricDescription, _ kind: Kind, _ series: [[String]: Value]) {
        precondition(
            series.keys.allSatisfy { $0.count == description.labels.count },
            "\(description.name) takes the labels \(description.labels)"
        )
        (self.description, self.kind, self.series) = (description, kind, series)
    }
}
