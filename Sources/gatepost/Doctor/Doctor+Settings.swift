import Configuration
import Deliveries
import PhoneNumbers

extension Doctor {
    /// That the settings could be read is known by now; what is odd in them is not.
    func settingsFindings() -> [Finding] {
        let count = settings.gateways.count
        let sandbox = settings.sandboxFolder == nil ? "" : ", SANDBOX: messages are kept readable and not sent"
        var findings: [Finding] = [
            .ok("settings", "\(settings.file), \(count) \(count == 1 ? "gateway" : "gateways")\(sandbox)")
        ]
        for warning in settings.warnings {
            findings.append(
                .warning("settings", warning, "correct the name of the variable, or take it out of the environment")
            )
        }
        for gateway in settings.gateways where gateway.isReadableOnTheWay {
            findings.append(
                .warning(
                    "settings",
                    "the gateway \(gateway.terms.name) has no TLS: codes can be read on the way",
                    "use https:// in its url"
                )
            )
        }
        do throws(SettingsError) {
            _ = try settings.composer()
        } catch {
            findings.append(
                .failed("settings", error.description, "correct the template; `gatepost template lint` shows all")
            )
        }
        return findings
    }

    /// What libphonenumber knows, which grows old.
    var phoneNumberData: String { "libphonenumber \(PhoneNumber.dataVersion)" }
}
