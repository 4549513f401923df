import Processes

extension Child {
    /// Starts a peer, which ends with this process and is not heard where it complains: it would, of every handshake that a
    /// client breaks off.
    static func start(peer path: String, _ arguments: [String]) async -> Child? {
        let script = "exec setpriv --pdeathsig KILL \"$@\" </dev/null 2>/dev/null"
        return await start("/bin/sh", ["-c", script, "sh", path] + arguments)
    }

    /// The first line that it prints which begins with `start`; `nil` where none comes before it ends.
    func firstLine(startingWith start: String = "") async -> String? {
        await lines.first { $0.hasPrefix(start) }
    }
}
