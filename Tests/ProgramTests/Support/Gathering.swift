import Synchronization

/// What was answered while senders and kills ran side by side.
final class Gathering: Sendable {
    private let list = Mutex<(accepted: [Accepted], isOver: Bool)>(([], false))

    var accepted: [Accepted] { list.withLock { $0.accepted } }
    var isOver: Bool { list.withLock { $0.isOver } }

    func add(_ one: Accepted) { list.withLock { $0.accepted.append(one) } }
    func end() { list.withLock { $0.isOver = true } }

    /// Sends events one after the other until it is over.
    func gather(from post: Installation, _ name: String) async {
        var number = 0
        while !isOver {
            // What is not answered does not count: the connection was of the server before, or this one was killed.
            if let one = try? await post.signUp("\(name)n\(number)@example.com") { add(one) }
            number += 1
        }
    }
}
