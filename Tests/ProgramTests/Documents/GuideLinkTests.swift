import Foundation
import Testing

@Suite("Links of the documents")
struct GuideLinkTests {
    /// Targets of links outside of code, such as `settings.md#limits`.
    private static func links(in guide: Guide) -> [String] {
        prose(of: guide).flatMap { line in
            line.replacing(#/`[^`]*`/#, with: "").matches(of: #/\]\(([^)\s]+)\)/#).map { String($0.1) }
        }
    }

    /// Its lines outside of fenced blocks.
    private static func prose(of guide: Guide) -> [String] {
        let fenced = Set(guide.blocks.flatMap { $0.start - 1...$0.end })
        return guide.lines.indices.filter { !fenced.contains($0) }.map { guide.lines[$0] }
    }

    /// What its headings are found by, as GitHub makes it.
    private static func anchors(of guide: Guide) -> Set<String> {
        var anchors: Set<String> = []
        for line in prose(of: guide) {
            guard let title = line.firstMatch(of: #/^#+ (.*)$/#)?.1 else { continue }
            let kept = title.lowercased().filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
            let anchor = kept.replacing(" ", with: "-")
            let number = (1...).first { !anchors.contains("\(anchor)-\($0)") } ?? 1
            anchors.insert(anchors.contains(anchor) ? "\(anchor)-\(number)" : anchor)
        }
        return anchors
    }

    /// The path from the root of what a document links to.
    private static func path(_ target: String, from name: String) -> String {
        var parts = name.split(separator: "/").dropLast()
        for part in target.split(separator: "/") {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    private static func isElsewhere(_ link: String) -> Bool { link.contains("://") || link.hasPrefix("mailto:") }

    @Test("lead to files and headings that are there", arguments: try Guide.all() + ["CHANGELOG.md"])
    func lead(_ name: String) throws {
        for link in GuideLinkTests.links(in: try Guide(name)) where !GuideLinkTests.isElsewhere(link) {
            let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let path = parts[0].isEmpty ? name : GuideLinkTests.path(parts[0], from: name)
            let isThere = FileManager.default.fileExists(atPath: Guide.root.appending(path: path).path)
            #expect(isThere, "\(name) links to \(link)")
            guard isThere, parts.count == 2, path.hasSuffix(".md") else { continue }
            let anchors = GuideLinkTests.anchors(of: try Guide(path))
            #expect(anchors.contains(parts[1]), "\(name) links to \(link), a heading that is not there")
        }
    }

    @Test("reach every document from README")
    func reach() throws {
        var reached: Set<String> = []
        var open = ["README.md"]
        while let name = open.popLast() {
            guard reached.insert(name).inserted else { continue }
            for link in GuideLinkTests.links(in: try Guide(name)) where !GuideLinkTests.isElsewhere(link) {
                let target = String(link.prefix { $0 != "#" })
                let path = GuideLinkTests.path(target, from: name)
                let isThere = FileManager.default.fileExists(atPath: Guide.root.appending(path: path).path)
                if isThere, path.hasSuffix(".md") { open.append(path) }
            }
        }
        let missing = Set(try Guide.all()).subtracting(reached).sorted()
        #expect(missing.isEmpty, "\(missing)")
    }
}
