import Configuration
import Foundation
import SQLiteStore

extension Doctor {
    /// The key file, and whether the file beside it and the database belong to it; of the keys nothing is shown.
    func keyFindings(_ look: StoreLook) -> [Finding] {
        let path = settings.keyFile
        guard FileManager.default.fileExists(atPath: path) else {
            let remedy =
                look.isThere
                ? "put back the file that belongs to the database: without it nothing in there can be read"
                : "make one with `gatepost init` in a new folder, or name it in keys.file"
            return [.failed("keys", "there is no key file \(path)", remedy)]
        }
        if let fault = look.keyFault {
            let remedy = "let \(path) belong to the user that runs the server, with mode 0600"
            return [.failed("keys", fault, remedy)]
        }
        if let fault = look.lifeFault {
            return [.failed("keys", fault, "put back the keys.state that was beside the key file")]
        }
        var findings: [Finding] = []
        if let strangeness = look.facts?.strangeness {
            findings.append(
                .failed(
                    "keys",
                    strangeness.description,
                    "put back database and key file of one installation, the newest of both; see docs/operating.md"
                )
            )
        } else {
            findings.append(.ok("keys", "\(path), mode 0600; \(life(look))"))
        }
        if let (owner, other) = owners(path, directory(of: settings.database)), owner != other {
            findings.append(
                .warning(
                    "keys",
                    "\(path) belongs to \(owner), the folder of the database to \(other)",
                    "let both belong to the user that runs the server: `chown \(other) \(path)`"
                )
            )
        }
        return findings
    }

    private func life(_ look: StoreLook) -> String {
        guard let life = look.life else { return "no keys.state yet: they were used with no database" }
        let state = "keys.state: epoch \(life.epoch.prefix(8))…, sequence \(life.sequence)"
        guard let facts = look.facts else { return state }
        return "\(state); the database stands at \(facts.sequence)"
    }

    /// The users that two paths belong to.
    private func owners(_ one: String, _ other: String) -> (String, String)? {
        let names = [one, other].compactMap { path in
            (try? FileManager.default.attributesOfItem(atPath: path))?[.ownerAccountName] as? String
        }
        return names.count == 2 ? (names[0], names[1]) : nil
    }
}
