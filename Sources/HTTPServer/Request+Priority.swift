extension Request {
    /// What its handler runs at: as urgent as the sender calls it (`u` of RFC 9218, section 4.1), if that is a process of this
    /// machine; among all others nobody chooses who comes first.
    ///
    /// What is said otherwise, or not well, is passed over, as the RFC has it.
    var priority: TaskPriority? {
        guard case .local = peer.address, let said = headers["Priority"] else { return nil }
        let members = said.split(separator: ",").map { $0.drop { $0 == " " || $0 == "\t" } }
        guard let urgency = members.last(where: { $0.hasPrefix("u=") })?.dropFirst(2), urgency.utf8.count == 1 else {
            return nil
        }
        switch urgency {
        case "0", "1", "2": return .high
        case "4", "5", "6", "7": return .low
        default: return nil
        }
    }
}
