import Foundation

/// What of an output is another each time, and yet the same kind of thing.
struct Variation {
    /// One place in a text.
    struct Find: Equatable {
        var kind: String
        var text: String
        /// Whether it names one thing wherever it stands: a delivery, a code.
        var isName: Bool
    }

    var kind: String
    /// ICU's syntax.
    var pattern: String
    var isName = false

    /// In the order in which they are tried at a place.
    static let all = [
        Variation(kind: "time", pattern: #"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z"#),
        Variation(kind: "id", pattern: #"\b[a-z]{2,3}_[0-9a-f]{16,32}\b"#, isName: true),
        Variation(kind: "token", pattern: #"\bgp_[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])"#, isName: true),
        Variation(kind: "uuid", pattern: #"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"#),
        Variation(kind: "claim", pattern: #"(?<="token":")(?!gp_)[A-Za-z0-9_-]{44,}"#),
        Variation(kind: "hash", pattern: #"\b(?:[0-9a-f]{64}|[0-9a-f]{32})\b"#, isName: true),
        Variation(kind: "day", pattern: #"\b20\d\d-\d\d-\d\d\b"#),
        Variation(kind: "month", pattern: #"\b20\d\d-\d\d\b"#),
        Variation(kind: "code", pattern: #"(?<![\w.+-])\d{6}(?!\w|\.\d)"#, isName: true),
        Variation(kind: "wait", pattern: #"\bin \d+(?:\.\d+)? ?(?:seconds?|s)\b"#),
        Variation(
            kind: "retry",
            pattern: #"(?<="(?:retry_after|seen_seconds_ago|send_within_ms|valid_for_ms|ms)":)\d+"#
        ),
        Variation(kind: "age", pattern: #"(?<=\s)\d+(?:\.\d+)? ?(?:ms|s|m|h)(?=\s|$)"#),
        Variation(kind: "size", pattern: #"\b\d+(?:\.\d+)? (?:bytes|KiB|MiB|GiB|kB|MB|GB)\b"#),
        Variation(kind: "version", pattern: #"(?<=\bgatepost )\d+\.\d+\.\d+\b|(?<="version":")\d+\.\d+\.\d+"#),
        Variation(kind: "sequence", pattern: #"(?<=\bsequence )\d+\b"#),
        Variation(kind: "epoch", pattern: #"(?<=\bepoch )[0-9a-f]{8}(?=…)"#),
        Variation(kind: "gap", pattern: #" {2,}"#),
    ]

    /// All in one, a group for each.
    private static func expression() throws -> NSRegularExpression {
        let groups = all.map { "(\($0.pattern))" }
        return try NSRegularExpression(pattern: groups.joined(separator: "|"), options: [.anchorsMatchLines])
    }

    /// Takes a text apart into what must be the same each time, and what was found in between.
    static func scan(_ text: String) throws -> (skeleton: String, finds: [Find]) {
        var skeleton = ""
        var finds: [Find] = []
        try walk(text) { piece, find in
            skeleton += piece
            if let find {
                skeleton += find.kind == "gap" ? "  " : "‹\(find.kind)›"
                if find.kind != "gap" { finds.append(find) }
            }
        }
        return (skeleton, finds)
    }

    /// What must be the same each time, line by line.
    ///
    /// Of what `gatepost doctor` says of the machine itself (whether NTP keeps its clock right, how old its phone number data
    /// are) only that it is said must be the same.
    static func skeletons(_ lines: [String]) throws -> [String] {
        var skeletons: [String] = []
        var isOfMachine = false
        for line in lines {
            if let check = line.firstMatch(of: #/^(?:ok|warning) +(clock|phone numbers): /#)?.1 {
                isOfMachine = true
                skeletons.append("‹\(check)›")
            } else if !isOfMachine || !line.hasPrefix("         -> ") {
                isOfMachine = false
                skeletons.append(try scan(line).skeleton)
            }
        }
        return skeletons
    }

    /// The text with other names in the place of those that are found.
    static func renamed(_ text: String, _ other: (Find) throws -> String) throws -> String {
        var result = ""
        try walk(text) { piece, find in
            result += piece
            if let find { result += find.isName ? try other(find) : find.text }
        }
        return result
    }

    /// Gives what stands between the finds, each with the find behind it.
    private static func walk(_ text: String, _ visit: (String, Find?) throws -> Void) throws {
        let whole = text as NSString
        var end = 0
        for match in try expression().matches(in: text, range: NSRange(location: 0, length: whole.length)) {
            let piece = whole.substring(with: NSRange(location: end, length: match.range.location - end))
            let group = all.indices.first { match.range(at: $0 + 1).location != NSNotFound } ?? 0
            try visit(
                piece,
                Find(kind: all[group].kind, text: whole.substring(with: match.range), isName: all[group].isName)
            )
            end = match.range.location + match.range.length
        }
        try visit(whole.substring(from: end), nil)
    }
}
