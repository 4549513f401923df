/// What is wrong with the settings, where, and what is allowed.
///
/// It quotes no value that may be a secret.
package struct SettingsError: Error, Equatable, CustomStringConvertible {
    package var file: String
    /// Counted from 1; `nil` where the file says nothing, or a variable of the environment does.
    package var line: Int?
    /// The path of the key: `gateways.mail-main.rate`.
    package var key: String?
    package var reason: String

    package var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return "\(place): " + (key.map { "\($0): " } ?? "") + reason
    }
}
