/// Finds a short part of a sequence that fails as the whole does, by leaving out ever smaller pieces (delta debugging:
/// Zeller and Hildebrandt, IEEE TSE 2002).
struct Shrinking {
    private var commands: [Command]
    private let fails: ([Command]) async throws -> Bool
    /// So many tries are enough, whatever is left.
    private var triesLeft = 400

    init(of commands: [Command], _ fails: @escaping ([Command]) async throws -> Bool) {
        (self.commands, self.fails) = (commands, fails)
    }

    mutating func shortest() async throws -> [Command] {
        var size = max(commands.count / 2, 1)
        while true {
            let wasShorter = try await leaveOut(size)
            if size > 1 {
                size /= 2
            } else if !wasShorter {
                break
            }
        }
        try await thin()
        return commands
    }

    /// Leaves out each piece of a size that is not needed; the last first, because what fails is at the end.
    private mutating func leaveOut(_ size: Int) async throws -> Bool {
        var isShorter = false
        var end = commands.count
        while end > 0, triesLeft > 0 {
            let start = max(end - size, 0)
            var rest = commands
            rest.removeSubrange(start..<end)
            triesLeft -= 1
            if try await fails(rest) {
                commands = rest
                isShorter = true
            }
            end = start
        }
        return isShorter
    }

    /// Takes events out of batches.
    private mutating func thin() async throws {
        for index in commands.indices {
            guard case .accept(var drafts) = commands[index] else { continue }
            for place in drafts.indices.reversed() where drafts.count > 1 && triesLeft > 0 {
                var fewer = drafts
                fewer.remove(at: place)
                var rest = commands
                rest[index] = .accept(fewer)
                triesLeft -= 1
                guard try await fails(rest) else { continue }
                (commands, drafts) = (rest, fewer)
            }
        }
    }
}
