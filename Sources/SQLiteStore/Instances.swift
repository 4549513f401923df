import Clocks
import Store

/// The processes that have claimed under each carrier's name, so that only a new one frees what the former held.
///
/// Carriers choose their names, so one that nobody claims under any more is forgotten. One that waits for work claims every
/// 25 s, and a claim's lease ends after 5 s: who comes back after the ten minutes is taken for new, and there is nothing
/// left to free.
struct Instances: Sendable {
    /// Processes that are remembered under one name.
    private static let remembered = 32
    private static let memory: Duration = .seconds(600)

    struct Name: Sendable {
        /// The newest last.
        var processes: [String] = []
        var lastClaim: BootInstant
    }

    private(set) var names: [String: Name] = [:]

    /// Takes note of a claim, and says whether it is the first of its process.
    mutating func note(_ request: ClaimRequest, at now: BootInstant) -> Bool {
        var name = names[request.carrier] ?? Name(lastClaim: now)
        name.lastClaim = now
        let isNew = !name.processes.contains(request.instance)
        if isNew { name.processes = name.processes.suffix(Instances.remembered - 1) + [request.instance] }
        names[request.carrier] = name
        return isNew
    }

    /// Forgets the names that nobody has claimed under for long.
    mutating func forget(at now: BootInstant) {
        guard names.values.contains(where: { $0.lastClaim + Instances.memory <= now }) else { return }
        names = names.filter { $0.value.lastClaim + Instances.memory > now }
    }
}
