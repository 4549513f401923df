/// What the names in a document stand for in this run: its `dl_…`, codes and tokens are those of another day.
struct NameBook {
    private var real: [String: String] = [:]
    private var shown: [String: String] = [:]

    /// Whether the document's name can stand for the real one: neither has another partner.
    private func fits(_ name: String, _ reality: String) -> Bool {
        (real[name] ?? reality) == reality && (shown[reality] ?? name) == name
    }

    /// Learns that names of the document stand for real ones, all or none.
    ///
    /// Returns what contradicts what was learnt before, `nil` where nothing does.
    mutating func learn(_ pairs: [(name: String, reality: String)]) -> String? {
        var book = self
        for (name, reality) in pairs {
            guard book.fits(name, reality) else {
                let other = book.shown[reality].map { "\(reality) is shown as \($0) elsewhere" }
                return "\(name) stands here for \(reality); "
                    + (other ?? "elsewhere it stands for \(book.real[name] ?? "nothing")")
            }
            book.real[name] = reality
            book.shown[reality] = name
        }
        self = book
        return nil
    }

    /// A command of the document with the names of this run.
    ///
    /// - Throws: ``Disappointment`` where it names a thing that nothing showed before, or verifies a code that nothing showed.
    func command(_ text: String) throws -> String {
        try Variation.renamed(text) { find in
            if let reality = real[find.text] { return reality }
            // A reader types 000000 where a wrong one is wanted.
            let isVerified = find.kind == "code" && text.hasPrefix("gatepost verify ") && find.text != "000000"
            guard find.kind != "id", !isVerified else { throw Disappointment("nothing showed \(find.text) before") }
            return find.text
        }
    }

    /// An output of this run with the names of the document.
    func output(_ text: String) throws -> String {
        try Variation.renamed(text) { shown[$0.text] ?? $0.text }
    }
}
