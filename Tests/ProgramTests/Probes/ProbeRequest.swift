import Foundation
import JSON

/// A request to the server, as it is known before it is sent.
///
/// In path and body `{challenge}` and `{delivery}` stand for the newest of the scene, `{token}`, `{hold}`,
/// `{suppression}` and `{replay}` for one that is there, `{n}` for a number that no other request has, `{later}` for an hour from the
/// server's now.
struct ProbeRequest: Sendable {
    enum Body: Sendable {
        case bytes([UInt8])
        case text(String)
    }

    /// Who asks.
    enum Bearer: Sendable {
        /// A token with every scope, bound to no tenant.
        case every
        /// A token that the scene has under this name.
        case named(String)
        /// What stands in the field, whatever it is.
        case literally(String)
        case nobody
    }

    var method = "POST"
    var path = "/v1/events"
    /// Those of a request that is in order are added: `Host`, `Content-Length`, unless they are among these.
    var fields = [("Content-Type", "application/cloudevents+json")]
    var bearer = Bearer.every
    var body: Body?
    /// Sent before it in the same write.
    var before: [ProbeRequest] = []
    /// So many bytes of its body are sent; then the connection is closed, and nobody waits for an answer.
    var cut: Int?
    /// So many bytes of it are sent, header and body, or all but so many; then nothing more, and the connection stays open.
    var pause: Int?
    /// Connections that are open meanwhile and say nothing.
    var crowd = 0

    static func get(_ path: String, _ fields: [(String, String)] = []) -> ProbeRequest {
        ProbeRequest(method: "GET", path: path, fields: fields)
    }

    static func post(_ path: String, _ body: String?, type: String? = "application/json") -> ProbeRequest {
        ProbeRequest(
            path: path,
            fields: type.map { [("Content-Type", $0)] } ?? [],
            body: body.map(Body.text)
        )
    }

    /// An event in structured mode.
    static func event(_ event: JSONValue) -> ProbeRequest {
        ProbeRequest(body: .text(String(decoding: event.serialized(), as: UTF8.self)))
    }

    /// What of it is a person's: the addresses, numbers, names and codes in its body.
    var privateWords: [String] {
        guard case .text(let text)? = body, let value = try? JSONValue(parsing: [UInt8](text.utf8)) else { return [] }
        var objects = [value]
        for event in [value] + (value.array ?? []) { objects += [event, event["data"] ?? nil] }
        let names = ["email", "phone", "previous_email", "previous_phone", "name", "code", "session", "link", "number"]
        var words: [String] = []
        for object in objects {
            words += names.compactMap { object[$0]?.string }
            words += (object["template_data"]?.object?.members ?? []).compactMap { $0.value.string }
        }
        return words.filter { $0.utf8.count > 3 }
    }
}

extension ProbeScene {
    /// The request as it goes over the wire.
    func bytes(of request: ProbeRequest) -> [UInt8] {
        let filled = request.before.flatMap { bytes(of: $0) }
        number += 1
        let body: [UInt8]? =
            switch request.body {
            case .bytes(let bytes): bytes
            case .text(let text): [UInt8](fill(text).utf8)
            case nil: nil
            }
        var fields = request.fields
        func has(_ names: String...) -> Bool { fields.contains { names.contains($0.0.lowercased()) } }
        if !has("host") { fields.insert(("Host", "localhost:\(port)"), at: 0) }
        switch request.bearer {
        case .every: fields.append(("Authorization", "Bearer \(tokens["every"] ?? "")"))
        case .named(let name): fields.append(("Authorization", "Bearer \(tokens[name] ?? "")"))
        case .literally(let text): fields.append(("Authorization", text))
        case .nobody: break
        }
        if let body, !has("content-length", "transfer-encoding") {
            fields.append(("Content-Length", "\(body.count)"))
        }
        let head =
            "\(request.method) \(fill(request.path)) HTTP/1.1\r\n"
            + fields.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
        let whole = [UInt8](head.utf8) + (body ?? []).prefix(request.cut ?? .max)
        return filled + whole.prefix(request.pause.map { $0 < 0 ? whole.count + $0 : $0 } ?? .max)
    }

    private func fill(_ text: String) -> String {
        let text = things.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
        return text.replacing("{challenge}", with: challenge).replacing("{delivery}", with: delivery)
            .replacing("{n}", with: "\(number)").replacing("{later}", with: "\(later)")
    }
}
