import Clocks
import Foundation
import JSON

/// The folder in which carriers of sandbox gateways keep messages, one `.json` each (and an `.eml` for a mail).
///
/// Names begin with the message's time in milliseconds and its id, so that they sort by time. What is older than a day is
/// removed whenever the folder is looked at.
struct SandboxFolder: Sendable {
    private static let retention: Duration = .seconds(86_400)

    private let path: String

    init(path: String) {
        self.path = path
    }

    /// The messages, newest first, as the carriers wrote them.
    func messages(at now: Instant) -> [JSONValue] {
        var messages: [JSONValue] = []
        for name in names().sorted(by: >) where name.hasSuffix(".json") {
            if isOld(name, at: now) {
                remove(name)
                continue
            }
            // A file that vanished or is half written is no message yet.
            guard let data = FileManager.default.contents(atPath: path + "/" + name),
                let message = try? JSONValue(parsing: [UInt8](data))
            else { continue }
            messages.append(message)
        }
        return messages
    }

    /// Removes all messages, or those of one tenant.
    func clear(of tenant: String?) {
        for name in names() where name.hasSuffix(".json") {
            guard let tenant else {
                remove(name)
                continue
            }
            guard let data = FileManager.default.contents(atPath: path + "/" + name),
                let message = try? JSONValue(parsing: [UInt8](data)), message["tenant"]?.string == tenant
            else { continue }
            remove(name)
        }
    }

    private func names() -> [String] {
        // A folder that is not there yet holds nothing.
        (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }

    private func isOld(_ name: String, at now: Instant) -> Bool {
        guard let time = Int64(name.prefix { $0.isNumber }) else { return false }
        return Instant(milliseconds: time) + SandboxFolder.retention < now
    }

    private func remove(_ name: String) {
        for file in [name, name.replacing(".json", with: ".eml")] {
            // Somebody else may have removed it.
            _ = try? FileManager.default.removeItem(atPath: path + "/" + file)
        }
    }
}
