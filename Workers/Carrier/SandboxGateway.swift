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
    /// Writes a mail as it would go over the wire.
    package typealias MailWriter = @Sendable (Claim, Instant) throws -> [UInt8]

    private let name: String
    private let channel: String
    private let folder: String
    private let time: any TimeSource
    private let mailWriter: MailWriter?

    /// `mailWriter`: For a channel whose messages are mails.
    package init(
        name: String,
        channel: String,
        folder: String,
        time: any TimeSource,
        mailWriter: MailWriter? = nil
    ) {
        (self.name, self.channel, self.folder, self.time) = (name, channel, folder, time)
        self.mailWriter = mailWriter
    }

    package func handOver(_ claim: Claim) async -> HandOver {
        let now = time.now()
        return await apart { keep(claim, at: now) }
    }

    /// Looks into the folder: what is not there was not taken, or has vanished with its age.
    package func ask(_ question: Question) async -> HandOver {
        await apart {
            let files = FileManager.default
            guard files.fileExists(atPath: folder) else { return HandOver(.retry, code: "not_found") }
            guard let names = try? files.contentsOfDirectory(atPath: folder) else {
                return HandOver(.released, code: "folder", detail: "the sandbox's folder cannot be read")
            }
            guard names.contains(where: { $0.hasSuffix("-\(question.attempt).json") }) else {
                return HandOver(.retry, code: "not_found")
            }
            return HandOver(.accepted, gatewayReference: question.attempt)
        }
    }

    /// Writes a file into the folder and removes it.
    package func probe(timeout: Duration) async -> HandOver {
        await apart {
            let file = "\(folder)/probe-\(UUID().uuidString)"
            do {
                try makeFolder()
                try Data("probe\n".utf8).write(to: URL(filePath: file))
                try FileManager.default.removeItem(atPath: file)
                return HandOver(.accepted)
            } catch {
                return HandOver(.refused, code: "folder", detail: "the sandbox's folder cannot be written")
            }
        }
    }

    /// Runs what blocks on a thread that may.
    private func apart(_ work: @escaping @Sendable () -> HandOver) async -> HandOver {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: work()) }
        }
    }

    private func makeFolder() throws {
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    private func keep(_ claim: Claim, at now: Instant) -> HandOver {
        let message = claim.message
        let item: JSONValue = [
            "id": .string(claim.attempt), "delivery": .string(claim.delivery), "gateway": .string(name),
            "channel": .string(channel), "tenant": .string(claim.tenant), "purpose": .string(claim.purpose),
            "to": .string(message.to), "from": .string(message.from),
            "subject": mailWriter == nil ? nil : .string(message.subject), "text": .string(message.text),
            "html": message.html.map(JSONValue.string) ?? nil, "code": message.code.map(JSONValue.string) ?? nil,
            "at": .string("\(now)"),
        ]
        let base = "\(folder)/\(now.milliseconds)-\(claim.attempt)"
        do {
            try makeFolder()
            if let mail = try mailWriter?(claim, now) {
                try Data(mail).write(to: URL(filePath: base + ".eml"), options: .atomic)
            }
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
