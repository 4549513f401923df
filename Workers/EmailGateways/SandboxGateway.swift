package import Carrier
package import Clocks
private import Deliveries
private import Dispatch
private import Foundation
private import JSON
private import Transfer

/// Keeps messages in a folder instead of sending them, readable, with their codes.
///
/// A `.json` for each, and an `.eml` for a mail; their names begin with the time in milliseconds, so that they sort by it.
package struct SandboxGateway: Gateway {
    private let name: String
    private let folder: String
    private let time: any TimeSource

    package init(name: String, folder: String, time: any TimeSource) {
        (self.name, self.folder, self.time) = (name, folder, time)
    }

    package func handOver(_ claim: Claim) async -> HandOver {
        let now = time.now()
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: keep(claim, at: now)) }
        }
    }

    private func keep(_ claim: Claim, at now: Instant) -> HandOver {
        let message = claim.message
        let item: JSONValue = [
            "id": .string(claim.attempt), "delivery": .string(claim.delivery), "gateway": .string(name),
            "channel": "email", "tenant": .string(claim.tenant), "purpose": .string(claim.purpose),
            "to": .string(message.to), "from": .string(message.from), "subject": .string(message.subject),
            "text": .string(message.text), "html": message.html.map(JSONValue.string) ?? nil,
            "code": message.code.map(JSONValue.string) ?? nil, "at": .string("\(now)"),
        ]
        let base = "\(folder)/\(now.milliseconds)-\(claim.attempt)"
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let mail = try MailMessage(claim, at: now).content.rendered()
            try Data(mail).write(to: URL(filePath: base + ".eml"), options: .atomic)
            // The message is there when this file is: it comes last, and whole.
            try Data(item.serialized()).write(to: URL(filePath: base + ".json"), options: .atomic)
            return HandOver(.accepted, gatewayReference: claim.attempt)
        } catch let error as InvalidMail {
            return HandOver(.refused, code: "invalid_message", detail: "\(error)")
        } catch {
            return HandOver(.retry, code: "folder", detail: "the sandbox's folder cannot be written")
        }
    }
}
