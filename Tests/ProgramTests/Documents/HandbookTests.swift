import Deliveries
import Foundation
import Testing

@Suite("The operator's handbook")
struct HandbookTests {
    /// The first cells of the tables below a heading, up to the next one of its level or above.
    private static func cells(below heading: String) throws -> String {
        let lines = try Guide("docs/operating.md").lines
        guard let start = lines.firstIndex(of: heading) else { throw Disappointment("There is no \(heading).") }
        let level = heading.prefix { $0 == "#" }.count
        let end = lines[(start + 1)...].firstIndex { line in
            let marks = line.prefix { $0 == "#" }.count
            return marks > 0 && marks <= level && line.dropFirst(marks).hasPrefix(" ")
        }
        let rows = lines[start..<(end ?? lines.endIndex)].filter { $0.hasPrefix("| ") }
        return rows.joined(separator: "\n")
    }

    /// What stands behind `|` at the beginning of a row, and has something to be done in its last cell.
    private static func advised(below heading: String) throws -> Set<String> {
        let rows = try cells(below: heading).split(separator: "\n").filter { row in
            row.split(separator: "|").last.map { !$0.allSatisfy { $0 == " " } } ?? false
        }
        return Set(
            rows.flatMap { row in
                (row.split(separator: "|").first ?? "").matches(of: #/`([A-Za-z_]+)`/#).map { String($0.1) }
            }
        )
    }

    @Test("says of every state of a delivery what it means and what to do")
    func states() throws {
        #expect(try HandbookTests.advised(below: "### States of a delivery") == Set(DeliveryState.allCases.map(\.name)))
    }

    @Test("says of every reason why a delivery waits or ended what to do")
    func reasons() throws {
        let dead = try HandbookTests.advised(below: "### Reasons of `dead`")
        let states = try HandbookTests.cells(below: "### States of a delivery")
        for reason in Reason.allCases {
            #expect(dead.contains(reason.name) || states.contains("`\(reason.name)`"), "\(reason.name)")
        }
    }

    @Test("says of every alert what it means and what to do")
    func alerts() throws {
        let sources = try ["API+Status.swift", "API+Backup.swift"].map { name in
            try String(contentsOf: Guide.root.appending(path: "Sources/API/" + name), encoding: .utf8)
        }
        let raised = sources.joined().matches(of: #/"name": "([a-z_]+)", "since"/#).map { String($0.1) }
        #expect(Set(["gateway_down", "restored"]).isSubset(of: raised))
        let rules = try Guide("docs/operating.md").lines.compactMap { line in
            line.firstMatch(of: #/- alert: (\w+)/#).map { String($0.1) }
        }
        #expect(!rules.isEmpty)
        let missing = Set(raised + rules).subtracting(try HandbookTests.advised(below: "### Alerts"))
        #expect(missing.sorted() == [])
    }
}
