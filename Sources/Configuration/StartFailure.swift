/// Why a program ends before it was ready: the sentence for the operator and the exit code.
package struct StartFailure: Error, CustomStringConvertible {
    package var exitCode: Int32
    package var description: String

    package init(_ exitCode: Int32, _ description: String) {
        (self.exitCode, self.description) = (exitCode, description)
    }

    /// An error as the end of a start: 2 for wrong words, 78 (EX_CONFIG of sysexits.h) for settings, else 1.
    package init(_ error: any Error) {
        switch error {
        case let error as StartFailure: self = error
        case let error as UsageError: self.init(2, error.description)
        case let error as SettingsError: self.init(78, error.description)
        default: self.init(1, "\(error)")
        }
    }
}
