import Foundation
import Testing

@Suite("The list of promises")
struct PromiseTests {
    /// Names of tests, suites, behaviours and cases, as they stand in the sources of the tests.
    private static func names() throws -> Set<String> {
        let root = Guide.root.appending(path: "Tests")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".swift") }
        var names: Set<String> = []
        for path in paths {
            let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
            let marked = #/(?:@Test\(|@Suite\(|case \w+ =|testDescription:)\s*"((?:[^"\\]|\\.)*)"/#
            for match in text.matches(of: marked) { names.insert(String(match.1)) }
        }
        return names
    }

    /// A name may be cut between two words at its beginning or end; `…` stands for what is left out within.
    private static func isThere(_ quoted: String, among names: Set<String>) -> Bool {
        if names.contains(quoted) { return true }
        let parts = quoted.components(separatedBy: "…").map { $0.trimmingCharacters(in: .whitespaces) }
        guard parts.count == 1 else { return names.contains { name in parts.allSatisfy { name.contains($0) } } }
        return names.contains { name in
            name.hasSuffix(" " + quoted) || [" ", ",", ";", ":"].contains { name.hasPrefix(quoted + $0) }
        }
    }

    @Test("names tests that are there")
    func tests() throws {
        let names = try PromiseTests.names()
        let rows = try Guide("docs/promises.md").lines.filter { $0.hasPrefix("| ") }
        let quoted = rows.flatMap { row in row.matches(of: #/"([^"]+)"/#).map { String($0.1) } }
        #expect(quoted.count > 200)
        let missing = quoted.filter { !PromiseTests.isThere($0, among: names) }
        #expect(missing == [])
    }
}
