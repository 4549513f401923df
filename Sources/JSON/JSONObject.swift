/// The members of a JSON object, each name once, in the order in which they were written.
///
/// Names are compared as Swift compares strings: two spellings of one character, composed and decomposed, are one
/// name. Two objects are equal when they hold the same members in any order (RFC 8259, section 4).
package struct JSONObject: Sendable {
    package private(set) var members: [(name: String, value: JSONValue)]

    package init() {
        members = []
    }

    /// Keeps the place of a name's first appearance and the value of its last.
    package init(_ members: [(String, JSONValue)]) {
        self.members = []
        self.members.reserveCapacity(members.count)
        // Comparing each name with all others is the fastest for the usual few; places bound the time for the rest.
        var places: [String: Int]? = members.count > 16 ? [:] : nil
        for (name, value) in members {
            if let place = places == nil ? self.members.firstIndex(where: { $0.name == name }) : places?[name] {
                self.members[place].value = value
            } else {
                places?[name] = self.members.count
                self.members.append((name, value))
            }
        }
    }

    /// Takes members of which the caller knows that no name appears twice.
    package init(distinct members: [(name: String, value: JSONValue)]) {
        self.members = members
    }

    /// The member of that name.
    ///
    /// Setting one that is there keeps its place, setting a new one appends it, setting nil removes it (JSON's null is
    /// `.null`). A look-up walks through the members.
    package subscript(name: String) -> JSONValue? {
        get {
            for member in members where member.name == name { return member.value }
            return nil
        }
        set {
            let place = members.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append((name, value))
            case (nil, nil): break
            }
        }
    }
}

extension JSONObject: Equatable {
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.members.count == right.members.count else { return false }
        if zip(left.members, right.members).allSatisfy({ $0.name == $1.name }) {
            return zip(left.members, right.members).allSatisfy { $0.value == $1.value }
        }
        let others = Dictionary(uniqueKeysWithValues: right.members.map { ($0.name, $0.value) })
        return left.members.allSatisfy { others[$0.name] == $0.value }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral members: (String, JSONValue)...) { self.init(members) }
}
