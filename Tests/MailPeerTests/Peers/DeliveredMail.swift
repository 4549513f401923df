import Foundation
import Processes

/// What Python's mail parser reads in a mail that Postfix has put into a mailbox.
struct DeliveredMail: Decodable {
    struct Address: Decodable, Equatable {
        var name: String
        var address: String
    }

    /// Whether all of it is ASCII.
    var ascii: Bool
    var from: [Address]
    var to: [Address]
    var headers: [[String]]
    var structure: [String]
    var text: String
    var html: String?
    var defects: [String]

    /// Reads a file.
    init(path: String) async throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Peers/read_mail.py").standardized.path
        // The parser is in every Python's own library.
        let python = ProcessInfo.processInfo.environment["GATEPOST_TEST_PYTHON"] ?? "/usr/bin/python3"
        guard let reader = await Child.start(python, [script, path]) else {
            throw Disappointment(description: "The mail was not read: \(python) did not start.")
        }
        var json = ""
        for await line in reader.lines { json += line }
        self = try JSONDecoder().decode(DeliveredMail.self, from: Data(json.utf8))
    }

    /// The field's contents, as often as it is there.
    func header(_ name: String) -> [String] {
        headers.filter { $0[0].lowercased() == name.lowercased() }.map { $0[1] }
    }
}
