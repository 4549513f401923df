/// Whether a text would be read as a link: `//`, `www.`, or a dot between a letter or digit and a top-level domain's two
/// letters.
///
/// Neither what is invisible nor the other full stops and slashes of UTS 46, section 4, hide one. It is asked of what
/// others may have chosen, such as a name, so that nobody can have us mail his advertisement.
func looksLikeLink(_ text: String) -> Bool {
    // Most names are plain, and in ASCII nothing is invisible or another full stop or slash.
    if text.utf8.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "/") }) { return false }
    var plain: [Unicode.Scalar] = []
    for scalar in text.lowercased().unicodeScalars where !scalar.isUnseen {
        switch scalar {
        case "\u{2024}", "\u{3002}", "\u{fe52}", "\u{ff0e}", "\u{ff61}": plain.append(".")
        case "\u{ff0f}": plain.append("/")
        case "\u{ff57}": plain.append("w")
        default: plain.append(scalar)
        }
    }
    if plain.contains("www.") || plain.contains("//") { return true }
    let pieces = plain.split(separator: ".", omittingEmptySubsequences: false)
    return zip(pieces, pieces.dropFirst()).contains { before, after in
        guard let last = before.last, last.isLetter || last.properties.numericType != nil else { return false }
        return after.prefix(while: \.isLetter).count >= 2
    }
}

extension [Unicode.Scalar] {
    fileprivate func contains(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        return indices.dropLast(scalars.count - 1).contains { self[$0...].starts(with: scalars) }
    }
}

extension Unicode.Scalar {
    fileprivate var isLetter: Bool { properties.isAlphabetic }

    /// Marks on other characters, joiners, fillers and what else has no width of its own.
    fileprivate var isUnseen: Bool {
        switch properties.generalCategory {
        case .format, .nonspacingMark, .enclosingMark: true
        default: properties.isDefaultIgnorableCodePoint
        }
    }
}
