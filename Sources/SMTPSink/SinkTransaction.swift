/// The envelope of the mail under way; number 0 means that there is none.
struct SinkTransaction {
    var number = 0
    var from = ""
    var parameters = ""
    var recipients: [String] = []

    init() {}

    init(number: Int, line: String) {
        self.number = number
        (from, parameters) = Self.argument(of: line)
    }

    /// Takes `MAIL FROM:<path> parameters` or `RCPT TO:<path> parameters` apart.
    static func argument(of line: String) -> (path: String, parameters: String) {
        guard let open = line.firstIndex(of: "<"), let close = line[open...].firstIndex(of: ">") else {
            return ("", "")
        }
        let parameters = line[line.index(after: close)...].drop { $0 == " " }
        return (String(line[line.index(after: open)..<close]), String(parameters))
    }
}
