import Foundation

/// What the processors of this machine did since it started (proc(5), `/proc/stat`), in ticks.
struct ProcessorShares {
    /// In the order of the file: user, nice, system, idle, iowait, irq, softirq, steal.
    private let ticks: [Int64]

    init() {
        // Where there is no such file nothing was stolen.
        let text = (try? String(contentsOf: URL(filePath: "/proc/stat"), encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("cpu ") } ?? ""
        ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Int64($0) }
    }

    /// What the host of a virtual machine gave to others.
    var stolen: Int64 { ticks.count == 8 ? ticks[7] : 0 }

    /// The part of their time that the host of a virtual machine gave to others, to a tenth of a percent: with more than a few no
    /// time that was measured says anything.
    func stolenPercent(since before: ProcessorShares) -> Double {
        guard ticks.count == 8, before.ticks.count == 8 else { return 0 }
        let all = ticks.reduce(0, +) - before.ticks.reduce(0, +)
        guard all > 0 else { return 0 }
        return (Double(stolen - before.stolen) / Double(all) * 1000).rounded() / 10
    }
}
