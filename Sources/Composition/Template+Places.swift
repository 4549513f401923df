extension Template {
    /// One place of a template.
    struct Place: Sendable {
        var name: String
        var position: TextPosition
        /// Whether it is filled in, not a section that asks for the name.
        var isFilledIn: Bool
        /// The names that have a text wherever this place is shown.
        var given: Set<String>
        /// The text right before it, `nil` after another place.
        var before: String?
    }

    /// All of them in the order of the text.
    var places: [Place] { Template.places(of: pieces, given: []) }

    private static func places(of pieces: [Piece], given: Set<String>) -> [Place] {
        var places: [Place] = []
        var before: String?
        for piece in pieces {
            switch piece {
            case .text(let text, _):
                before = text
                continue
            case .name(let name, let position):
                places.append(Place(name: name, position: position, isFilledIn: true, given: given, before: before))
            case .section(let name, let position, let isInverted, let inner):
                places.append(Place(name: name, position: position, isFilledIn: false, given: given, before: before))
                places += self.places(of: inner, given: isInverted ? given : given.union([name]))
            }
            before = nil
        }
        return places
    }

    /// The names that are filled in somewhere without a section of their own, so that a template without them has a gap.
    package var needed: Set<String> {
        Set(places.filter { $0.isFilledIn && !$0.given.contains($0.name) }.map(\.name))
    }

    /// All names that it holds, in sections or not.
    package var named: [String] { places.map(\.name) }

    /// Its own text, without what is filled in.
    var verbatim: [(text: String, position: TextPosition)] { Template.verbatim(of: pieces) }

    private static func verbatim(of pieces: [Piece]) -> [(text: String, position: TextPosition)] {
        var texts: [(text: String, position: TextPosition)] = []
        for piece in pieces {
            switch piece {
            case .text(let text, let position): texts.append((text, position))
            case .name: break
            case .section(_, _, _, let inner): texts += verbatim(of: inner)
            }
        }
        return texts
    }
}
