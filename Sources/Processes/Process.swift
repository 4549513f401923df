private import CLinux
private import Glibc

/// What a program can know and do about itself and its parent.
package enum CurrentProcess {
    package static var id: Int32 { getpid() }

    package static var userID: UInt32 { geteuid() }

    /// The folder of the program's file.
    package static var programFolder: String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            return unsafe readlink("/proc/self/exe", start.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        let path = String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
        return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    /// Bytes of memory that the process has now, `nil` where /proc does not tell (proc_pid_statm(5)).
    package static var residentMemory: Int64? {
        let file = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = unsafe read(file, &buffer, buffer.count)
        let pages = String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self).split(separator: " ")
        guard pages.count > 1, let resident = Int64(pages[1]) else { return nil }
        return resident * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Has the kernel kill this process when its parent ends (PR_SET_PDEATHSIG, prctl(2)).
    ///
    /// - Parameter parent: The process that should be the parent; one that ended before the call left another.
    /// - Returns: Whether it still is.
    package static func endWithParent(_ parent: Int32) -> Bool {
        shim_end_with_parent() == 0 && getppid() == parent
    }

    /// Has files and folders made from now on be for their owner alone (umask 077).
    package static func keepFilesPrivate() { umask(0o077) }

    /// The id of a user of this machine, `nil` where there is none of that name.
    package static func userID(named name: String) -> UInt32? {
        unsafe getpwnam(name)?.pointee.pw_uid
    }

    /// Ends the program at once, with what it has written flushed and nothing else run.
    ///
    /// exit(3) would run the exit handlers of libraries, OpenSSL's among them, beside threads that still use them.
    package static func end(_ code: Int32) -> Never {
        fflush(nil)
        _exit(code)
    }

    /// Raises how many descriptors this process may have open (RLIMIT_NOFILE) to so many, or as far as it may.
    ///
    /// - Returns: How many it may have now.
    package static func allowDescriptors(_ count: Int) -> Int {
        Int(clamping: shim_allow_descriptors(UInt(clamping: count)))
    }

    /// Takes variables out of the environment that this process hands down to its children, by how their names begin.
    ///
    /// Called before there are threads that read it (environ(7), setenv(3)).
    package static func forgetVariables(beginning prefix: String) {
        var names: [String] = []
        var place = unsafe environ
        while let entry = unsafe place.pointee {
            let name = unsafe String(String(cString: entry).prefix { $0 != "=" })
            if name.hasPrefix(prefix) { names.append(name) }
            unsafe place += 1
        }
        for name in names { unsafe unsetenv(name) }
    }

    /// Whether a file descriptor is a terminal.
    package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// The columns of the terminal that a file descriptor is, `nil` where it is none or does not say.
    package static func terminalColumns(_ descriptor: Int32) -> Int? {
        let columns = Int(shim_terminal_columns(descriptor))
        return columns > 0 ? columns : nil
    }

    /// Random and the same as long as this process lives: told apart from one that had its name before.
    package static func freshInstance() -> String {
        var generator = SystemRandomNumberGenerator()
        return String(UInt64.random(in: .min ... .max, using: &generator), radix: 36)
    }
}
