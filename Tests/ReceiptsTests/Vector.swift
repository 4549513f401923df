import Clocks
import Cryptography
import Foundation
import JSON
import Receipts
import Testing

/// A receipt as a provider's own SDK signed it, and whether that SDK and the documentation take it.
struct Vector: Sendable, CustomTestStringConvertible {
    let provider: String
    let name: String
    let secret: String
    let now: Instant
    let request: ReceiptRequest
    let isAccepted: Bool

    var testDescription: String { "\(provider): \(name)" }

    struct Unreadable: Error {}

    static let receipts: [Vector] = document("receipt-signatures").array?.compactMap { Vector($0) } ?? []

    /// Those of one secret, which a gateway has, and in the standard's own spelling.
    static let webhooks: [Vector] =
        document("standard-webhooks")["vectors"]?.array?.compactMap(Vector.init(webhook:)) ?? []

    static func one(_ provider: String, _ name: String) throws -> Vector {
        guard let vector = (receipts + webhooks).first(where: { $0.provider == provider && $0.name == name }) else {
            throw Unreadable()
        }
        return vector
    }

    private static func document(_ name: String) -> JSONValue {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Vectors/\(name).json")
        return (try? JSONValue(parsing: [UInt8](Data(contentsOf: file)))) ?? nil
    }

    private init?(_ value: JSONValue) {
        let secrets = ["auth_token", "signing_key", "signature_secret", "public_key"].compactMap { value[$0]?.string }
        guard let provider = value["provider"]?.string, let name = value["name"]?.string, let secret = secrets.first,
            let request = value["request"].flatMap(ReceiptRequest.init)
        else { return nil }
        (self.provider, self.name, self.secret, self.request) = (provider, name, secret, request)
        now = Instant(milliseconds: (value["now"]?.int ?? 0) * 1000)
        isAccepted = value["expect"] == "accept"
    }

    private init?(webhook value: JSONValue) {
        guard let name = value["name"]?.string, let secrets = value["secrets"]?.array, secrets.count == 1,
            let secret = secrets[0].string, secret.hasPrefix("whsec_"), !name.contains("Supabase"),
            let headers = value["headers"]?.object
        else { return nil }
        (provider, self.name, self.secret) = ("standard-webhooks", name, secret)
        now = Instant(milliseconds: (value["now"]?.int ?? 0) * 1000)
        isAccepted = value["expect"] == "accept"
        request = ReceiptRequest(
            method: "POST",
            url: nil,
            headers: headers.members.map { ($0.name, $0.value.string ?? "") },
            body: [UInt8]((value["body"]?.string ?? "").utf8)
        )
    }
}

extension ReceiptRequest {
    fileprivate init?(_ value: JSONValue) {
        guard let method = value["method"]?.string, let url = value["url"]?.string,
            let headers = value["headers"]?.object
        else { return nil }
        let query = url.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        self.init(
            method: method,
            url: url,
            query: String(query),
            headers: headers.members.map { ($0.name, $0.value.string ?? "") },
            body: [UInt8]((value["body"]?.string ?? "").utf8)
        )
    }
}
