import Foundation
import JSON

/// What `Schemas/openapi.json` says.
struct APIDescription {
    static let path = PythonPeer.root.appending(path: "Schemas/openapi.json").path

    struct Endpoint: Hashable {
        var method: String
        /// As it is described: `/v1/holds/{id}`.
        var path: String
        /// Any of them is enough for some request; empty where no token is needed.
        var scopes: [String]
    }

    let text: [UInt8]
    let document: JSONValue
    let endpoints: [Endpoint]

    init() throws {
        text = [UInt8](try Data(contentsOf: URL(filePath: APIDescription.path)))
        document = try JSONValue(parsing: text)
        endpoints = (document["paths"]?.object?.members ?? []).flatMap { path, operations in
            (operations.object?.members ?? []).map { method, operation in
                let scopes = operation["security"]?.array?.compactMap { $0["token"]?.array?.first?.string }
                return Endpoint(method: method.uppercased(), path: path, scopes: scopes ?? [])
            }
        }
    }

    /// Methods by path.
    var methods: [String: Set<String>] {
        Dictionary(grouping: endpoints, by: \.path).mapValues { Set($0.map(\.method)) }
    }

    /// What whoever asks without a token is told to need.
    func scope(of method: String, _ path: String) -> String? {
        endpoints.first { $0.method == method && $0.path == path }?.scopes.first
    }

    /// Names of problems, without `problem.`.
    var problems: Set<String> {
        let schemas = document["components"]?["schemas"]?.object?.members ?? []
        return Set(schemas.map(\.name).filter { $0.hasPrefix("problem.") }.map { String($0.dropFirst(8)) })
    }
}
