/// The body of one request as it comes in.
///
/// Memory follows what has come, up to twice as much, whatever was announced.
struct Body {
    private(set) var octets: [UInt8] = []
    /// What it holds of the memory of all bodies.
    private var held = 0
    private let limit: Int
    /// What it cannot grow beyond.
    private let end: Int

    /// - Parameters:
    ///   - framing: what was announced.
    ///   - limit: the most that the request may send, at least what was announced.
    init(_ framing: Framing, limit: Int) {
        self.limit = limit
        end = if case .length(let length) = framing { length } else { limit }
    }

    mutating func append(_ part: UnsafeRawBufferPointer, in memory: BodyMemory) throws(Rejection) {
        guard part.count <= limit - octets.count else { throw .bodyTooLarge(limit: limit) }
        let needed = octets.count + part.count
        if needed > held {
            // Twice as much each time, so that a body in many parts is not copied for each of them.
            let wanted = max(needed, min(held * 2, end))
            let granted = memory.grow(from: held, to: wanted) ? wanted : needed
            guard granted == wanted || memory.grow(from: held, to: granted) else { throw .overloaded }
            held = granted
            octets.reserveCapacity(granted)
        }
        unsafe octets.append(contentsOf: part)
    }

    /// Forgets the octets; gives back what they held, which is still taken from the memory.
    mutating func giveUp() -> Int {
        octets = []
        defer { held = 0 }
        return held
    }
}
