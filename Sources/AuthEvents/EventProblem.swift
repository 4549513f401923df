package import JSON

/// Why an event was refused: the member it is about, and what to do.
package struct EventProblem: Error, Equatable {
    /// The member, or where a missing one would be.
    package var pointer: JSONPointer
    /// A sentence for the developer who sent it; it quotes nothing of the event.
    package var reason: String

    package init(at pointer: JSONPointer, _ reason: String) {
        self.pointer = pointer
        self.reason = reason
    }
}
