import Foundation
import Testing

@Suite("The picture of the architecture")
struct FloorTests {
    /// The targets of Package.swift by the floor that a comment names, without tests.
    private static func targets() throws -> [(floor: String, name: String)] {
        let text = try String(contentsOf: Guide.root.appending(path: "Package.swift"), encoding: .utf8)
        var floor = ""
        var targets: [(String, String)] = []
        var opens = false
        for line in text.components(separatedBy: "\n") {
            if let mark = line.firstMatch(of: #/\/\/ MARK: ([A-Za-z ]+)/#) {
                floor = mark.1.trimmingCharacters(in: .whitespaces).lowercased()
            }
            opens = opens || line.contains(#/\.(systemLibrary|target|executableTarget)\(/#)
            guard floor != "tests", opens, let name = line.firstMatch(of: #/name: "([\w-]+)"/#) else { continue }
            targets.append((floor, String(name.1)))
            opens = false
        }
        return targets
    }

    /// Names in the picture by floor: the first words of its lines, further lines belong to the one above.
    private static func picture() throws -> [String: Set<String>] {
        let guide = try Guide("docs/architecture.md")
        guard let block = guide.blocks.first else { throw Disappointment("There is no picture.") }
        let floors = Set(try targets().map(\.floor))
        var picture: [String: Set<String>] = [:]
        var floor = ""
        for line in block.lines {
            let text = line.trimmingCharacters(in: .whitespaces)
            floor = floors.first { text.lowercased().hasPrefix($0 + " ") } ?? floor
            let words = text.matches(of: #/[A-Za-z][\w-]*/#).map { String($0.0) }
            picture[floor, default: []].formUnion(words)
        }
        return picture
    }

    @Test("has every target on the floor that Package.swift puts it on")
    func floors() throws {
        let (targets, picture) = (try FloorTests.targets(), try FloorTests.picture())
        #expect(targets.count > 30)
        for (floor, name) in targets {
            #expect(picture[floor]?.contains(name) == true, "\(name), of the floor of \(floor)")
        }
    }

    @Test("tells of no file that is not there")
    func files() throws {
        for line in try Guide("docs/architecture.md").lines {
            for path in line.matches(of: #/`((Sources|Workers|Schemas|Tests)\/[\w\/+.-]+)`/#).map({ String($0.1) }) {
                #expect(FileManager.default.fileExists(atPath: Guide.root.appending(path: path).path), "\(path)")
            }
        }
    }
}
