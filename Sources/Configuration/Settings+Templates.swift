private import AuthEvents
package import Composition

extension Settings {
    /// Reads the tenants' own templates; the built-in texts stand in for what a tenant does not have.
    package func composer() throws(SettingsError) -> Composer {
        var own: [TenantName: TemplateSet] = [:]
        for (tenant, place) in templates {
            do throws(TemplateFault) {
                own[tenant] = try TemplateSet(folder: place.folder, defaultLanguage: place.language)
            } catch {
                throw SettingsError(error)
            }
        }
        do throws(TemplateError) {
            return try Composer(own: own)
        } catch {
            throw SettingsError(file: file, line: nil, key: nil, reason: "a built-in text cannot be read: \(error)")
        }
    }
}

extension SettingsError {
    /// All problems, the first in the place of the settings' own line.
    fileprivate init(_ fault: TemplateFault) {
        let first = fault.problems[0]
        let others = fault.problems.dropFirst().map { "\n\($0)" }.joined()
        self.init(
            file: "\(first.file):\(first.line):\(first.column)",
            line: nil,
            key: nil,
            reason: first.reason + others
        )
    }
}
