/// Why a sink did not start, or did not get what was waited for.
package enum SinkError: Error, Equatable {
    case socket(call: String, errno: Int32)
    case fewerMails(expected: Int, taken: Int)
    case noCommand(String)
}

extension SinkError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .socket(let call, let errno):
            "The sink does not listen: \(call) failed with errno \(errno). Choose another port, or 0 for any."
        case .fewerMails(let expected, let taken):
            "Only \(taken) mails of the \(expected) waited for were taken in time."
        case .noCommand(let text):
            "No command with \"\(text)\" was heard in time."
        }
    }
}
