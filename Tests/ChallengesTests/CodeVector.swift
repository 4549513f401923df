import AuthEvents
import Challenges
import Cryptography
import Foundation
import JSON

/// A code that was computed elsewhere, from the recipe that stands in the same file.
struct CodeVector: Sendable, CustomStringConvertible {
    let name: String
    let key: String
    let origin: CodeOrigin
    let digits: Int
    let code: String

    var description: String { name }

    struct Unreadable: Error {}

    static func all() throws -> [CodeVector] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Vectors/codes.json")
        let document = try JSONValue(parsing: [UInt8](Data(contentsOf: file)))
        return try (document["codes"]?.array ?? []).map { try CodeVector($0) }
    }

    private init(_ value: JSONValue) throws {
        guard let name = value["name"]?.string, let key = value["key"]?.string,
            let epoch = value["epoch"]?.string.flatMap({ [UInt8](hex: $0) }),
            let challenge = value["challenge"]?.string.flatMap({ ChallengeID($0) }), let number = value["number"]?.int,
            let purpose = value["purpose"]?.string.flatMap({ Purpose(name: $0) }),
            let address = value["address"]?.string, let digits = value["digits"]?.int, let code = value["code"]?.string
        else { throw Unreadable() }
        (self.name, self.key, self.digits, self.code) = (name, key, Int(digits), code)
        origin = CodeOrigin(epoch: epoch, challenge: challenge, number: number, purpose: purpose, address: address)
    }
}

extension SecretKey {
    /// A key from base64 that a test has written down.
    convenience init(base64 text: String) throws {
        let bytes = [UInt8](text.utf8)
        try self.init(base64: bytes.span)
    }
}
