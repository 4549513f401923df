import Configuration
import Foundation
import JSON
import Processes
import SQLiteStore
import Store
import Synchronization

extension Command {
    static let backup = Command(
        name: "backup",
        usage: """
            FILE [--force]

            Copies the database as it is now into FILE while the server works; --force lets it take the place of another
            file. The key file is not in it: keep that apart, for without it nothing in a backup can be read.
            """,
        summary: "copy the database into a file while the server works"
    ) { invocation in
        guard let path = invocation.arguments.word() else { throw UsageError("backup needs a FILE") }
        let isReplacing = invocation.arguments.flag("force")
        try invocation.arguments.finish()
        CurrentProcess.keepFilesPrivate()
        let client = try Client(invocation)
        let (copy, bytes) = try await NewFile(path: path, isReplacing: isReplacing).make { draft in
            let bytes = try await fetch(to: draft, client)
            do {
                return (try backupFacts(of: draft), bytes)
            } catch {
                throw CommandFailure(1, "what the server sent is no backup; nothing was kept. Try again")
            }
        }
        let facts: JSONValue = [
            "file": .string(path), "bytes": .integer(Int64(bytes)), "sequence": .integer(copy.sequence),
            "made_at": .string("\(copy.madeAt)"),
        ]
        guard !invocation.isJSON else { return Output.print(facts) }
        say("\(path): \(bytes) bytes, sequence \(copy.sequence), made at \(copy.madeAt)")
        say("The key file is not in it and is needed with it: keep \(client.keyFile) at another place.")
    }

    /// Asks the server for a copy, and returns how many bytes it has.
    private static func fetch(to draft: String, _ client: Client) async throws -> Int {
        let received = Mutex<(bytes: Int, whole: Int?)>((0, nil))
        let handle = try FileHandle(forWritingTo: URL(filePath: draft))
        let bar = Task {
            let start = ContinuousClock.now
            var making = Progress("the server makes the copy, seconds:")
            var progress = Progress("writing \(draft)")
            defer { progress.end() }
            while !Task.isCancelled {
                let (bytes, whole) = received.withLock { $0 }
                if let whole {
                    making.end()
                    progress.show(bytes, of: whole)
                } else {
                    making.show(Int((ContinuousClock.now - start).components.seconds))
                }
                // Cancelled means that all is there, which the loop sees.
                _ = try? await Task.sleep(for: .milliseconds(100))
            }
        }
        do {
            try await client.fetch("POST", "/v1/backup") { part, whole in
                guard (try? handle.write(contentsOf: Data(part))) != nil else { return false }
                received.withLock { $0 = ($0.bytes + part.count, whole) }
                return true
            }
        } catch {
            bar.cancel()
            await bar.value
            throw error
        }
        bar.cancel()
        await bar.value
        try handle.close()
        return received.withLock { $0.bytes }
    }
}
