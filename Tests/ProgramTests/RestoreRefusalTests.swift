import Foundation
import JSON
import SQLite
import TestSupport
import Testing

/// Each with the words that it must say; the installation is as it was before.
@Suite("gatepost restore refuses", .timeLimit(.minutes(12)))
struct RestoreRefusalTests {
    enum Flaw: String, CaseIterable, Sendable {
        case missing = "what is not there"
        case folder = "a folder"
        case empty = "an empty file"
        case rubbish = "rubbish"
        case cut = "a file that was cut"
        case damaged = "a file with a page of rubbish"
        case foreign = "another program's database"
        case newer = "a newer program's"
        case otherKeys = "one of other keys"

        var code: Int32 { self == .newer || self == .otherKeys ? 78 : 1 }

        var words: [String] {
            switch self {
            case .missing, .folder: ["cannot be read", "nothing was changed"]
            case .empty, .rubbish, .foreign: ["is no database of Gatepost", "nothing was changed"]
            case .cut, .damaged: ["file.db is ", "othing was changed"]
            case .newer: ["version 99", "newer program"]
            case .otherKeys: ["other keys", "put back the key file"]
            }
        }

        /// Makes the file out of a good backup.
        func apply(to file: String, in post: Installation) async throws {
            let url = URL(filePath: file)
            var bytes = try Data(contentsOf: url)
            switch self {
            case .missing: try FileManager.default.removeItem(at: url)
            case .folder:
                try FileManager.default.removeItem(at: url)
                try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
            case .empty: try Data().write(to: url)
            case .rubbish: try Data(repeating: 0x5a, count: 100_000).write(to: url)
            case .cut: try bytes.prefix(bytes.count / 2).write(to: url)
            case .damaged:
                bytes.replaceSubrange(8192..<12288, with: Data(repeating: 0xa5, count: 4096))
                try bytes.write(to: url)
            case .foreign:
                try FileManager.default.removeItem(at: url)
                try Connection(path: file, access: .readWrite).execute("CREATE TABLE note (text)")
            case .newer: try Connection(path: file, access: .readWrite).execute("PRAGMA user_version = 99")
            case .otherKeys:
                let other = try await post.gatepost("init", "other")
                guard other.code == 0 else { throw Disappointment(other.complaint) }
                let keys = URL(filePath: post.path("keys.toml"))
                try Data(contentsOf: URL(filePath: post.path("other/keys.toml"))).write(to: keys)
            }
        }
    }

    @Test("what cannot be restored, says why, and changes nothing", arguments: Flaw.allCases)
    func flaws(flaw: Flaw) async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.server()
            _ = try await post.signUps(20)
            let file = try await post.backup("file.db")
            await post.end(server)
            try await flaw.apply(to: file, in: post)
            let before = try post.standing()
            let run = try await post.gatepost("restore", "file.db", "--yes")
            #expect(run.code == flaw.code, "\(run.complaint)")
            for word in flaw.words { #expect(run.complaint.contains(word), "\(word): \(run.complaint)") }
            #expect(try post.standing() == before)
        }
    }

    @Test("with no room beside the database, and leaves nothing there", .enabled(if: SmallDisk.isPermitted))
    func noRoom() async throws {
        let disk = try SmallDisk()
        var settings = InstallationSettings.sandbox
        settings.database = disk.path + "/gatepost.db"
        try await Installation.make(settings) { post in
            let server = try await post.server()
            let one = try await post.signUp("ann@example.com")
            _ = try await post.backup("file.db")
            await post.end(server)
            try disk.fill()
            let run = try await post.gatepost("restore", "file.db", "--yes")
            #expect(run.code == 1)
            #expect(run.complaint.contains("no room"))
            let names = try FileManager.default.contentsOfDirectory(atPath: disk.path)
            #expect(!names.contains { $0.contains("restor") })
            try disk.free()
            _ = try await post.server()
            #expect(try await post.state(one) == "ready")
        }
    }

    @Test("wrong usage and what nobody has agreed to with 2, bad settings with 78")
    func usage() async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.server()
            _ = try await post.backup()
            await post.end(server)
            for words in [
                ["restore"], ["restore", "a", "b"], ["restore", "backup.db"], ["restore", "backup.db", "--json"],
            ] {
                #expect(try await post.run("gatepost", words).code == 2)
            }
            try Data("nonsense = 1".utf8).write(to: URL(filePath: post.path("gatepost.toml")))
            #expect(try await post.gatepost("restore", "backup.db", "--yes").code == 78)
        }
    }
}
