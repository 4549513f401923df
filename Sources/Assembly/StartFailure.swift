import Configuration
import HTTPServer
import Keys
import SQLiteStore

extension StartFailure {
    /// 78 also for keys and for a database that may not be used.
    init(starting error: any Error) {
        switch error {
        case let error as KeyFileError: self.init(78, error.description)
        case let error as OpeningError: self.init(error.exitCode, error.description)
        case let error as ListenError: self.init(1, error.description)
        default: self.init(error)
        }
    }
}
