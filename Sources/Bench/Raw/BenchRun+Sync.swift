import Glibc

extension BenchRun {
    /// Appends pages to a file, each synced before the next (fdatasync(2)): what a commit cannot be faster than.
    func measureSync(_ row: inout BenchRow) async throws {
        let (path, seconds, stop) = (workplace.path + "/sync", seconds, stop)
        let (times, rate) = try await onThread {
            let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw BenchFailure("\(path) cannot be made") }
            defer {
                close(file)
                unlink(path)
            }
            let page = [UInt8](repeating: 7, count: 4096)
            var times = Histogram()
            let begun = Moment.now
            var now = begun
            while now < begun + Int64(seconds * 1e9) {
                try stop.check()
                let since = now
                guard write(file, page, page.count) == page.count, fdatasync(file) == 0 else {
                    throw BenchFailure("\(path) cannot be written: \(String(cString: strerror(errno)))")
                }
                now = .now
                times.record(now - since)
            }
            return (times, Double(times.count) / (Double(now - begun) / 1e9))
        }
        (row.times, row.rate) = (times, rate)
    }
}
