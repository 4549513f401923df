package import Carrier
package import Clocks
private import Transfer

extension SandboxGateway {
    /// Keeps mails: beside each `.json` an `.eml` as it would have gone over the wire.
    package static func forMail(name: String, folder: String, time: any TimeSource) -> SandboxGateway {
        SandboxGateway(name: name, channel: "email", folder: folder, time: time) { claim, now in
            try MailMessage(claim, at: now).content.rendered()
        }
    }
}
