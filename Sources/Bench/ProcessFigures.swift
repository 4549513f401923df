import Foundation

/// What the kernel knows of another process (proc(5)).
struct ProcessFigures {
    /// Bytes that it caused to be sent to the disk.
    var written: Int64
    /// Resident memory now and at its highest, in bytes.
    var memory: Int64
    var mostMemory: Int64
    /// Processor time that it used, in seconds.
    var processorTime: Double

    init(of process: Int32) throws {
        let io = try Self.fields(of: process, "io")
        let status = try Self.fields(of: process, "status")
        guard let written = io["write_bytes"], let memory = status["VmRSS"], let most = status["VmHWM"] else {
            throw BenchFailure("/proc does not tell what the programs use")
        }
        (self.written, self.memory, mostMemory) = (written, memory * 1024, most * 1024)
        // The command's name may have blanks; after it stand the state and, eleven fields on, user and system time in ticks.
        let stat = try Self.text(of: process, "stat")
        let words = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
        let ticks = words.count > 13 ? (Double(words[12]) ?? 0) + (Double(words[13]) ?? 0) : 0
        processorTime = ticks / 100
    }

    private static func text(of process: Int32, _ name: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/\(name)") else {
            throw BenchFailure("a program ended while it was measured")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// The numbers of lines such as `VmRSS:  5120 kB`.
    private static func fields(of process: Int32, _ name: String) throws -> [String: Int64] {
        var fields: [String: Int64] = [:]
        for line in try text(of: process, name).split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == ":" || $0 == " " || $0 == "\t" })
            if words.count >= 2 { fields[String(words[0])] = Int64(words[1]) }
        }
        return fields
    }
}
