import Configuration
import JSON
import Link
import Transfer

/// Calls the server over its socket.
struct Client {
    private let link: ServerLink
    private let socket: String

    init(_ invocation: Invocation) throws {
        let path = SettingsPlace.path(invocation.config, environment: invocation.environment)
        socket = try Settings(file: path, environment: invocation.environment).server.socket
        link = ServerLink(to: .socket(path: socket), transfers: Transfers())
    }

    /// The body of a success.
    ///
    /// A problem's sentence is the command's failure; with `--json` the problem is printed too.
    func call(
        _ method: String,
        _ path: String,
        _ body: JSONValue? = nil,
        type: String = "application/json",
        isJSON: Bool = false
    ) async throws -> JSONValue {
        let answer = try await answer(method, path, body, type: type)
        guard answer.isSuccess else {
            if isJSON { Output.print(answer.body) }
            throw CommandFailure(1, answer.complaint + Client.facts(of: answer.body))
        }
        return answer.body
    }

    func answer(
        _ method: String,
        _ path: String,
        _ body: JSONValue? = nil,
        type: String = "application/json"
    ) async throws -> LinkAnswer {
        do {
            return try await link.call(method, path, body, type: type)
        } catch {
            throw CommandFailure(
                69,
                "the server cannot be reached at \(socket): \(error.reason) Start it with `gatepost up`."
            )
        }
    }

    /// The members of a problem that say more than its sentence.
    private static func facts(of problem: JSONValue) -> String {
        var facts: [String] = []
        if let type = problem["type"]?.string { facts.append(String(type.split(separator: ":").last ?? "")) }
        if let pointer = problem["pointer"]?.string, !pointer.isEmpty { facts.append("at \(pointer)") }
        if let left = problem["tries_left"]?.int { facts.append("tries left: \(left)") }
        if let wait = problem["retry_after"]?.int { facts.append("again in \(wait) s") }
        return facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))"
    }

    /// Escapes a text for a query (RFC 3986, section 2.3: all but unreserved characters).
    static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { escaped, byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                scalar.isASCII
                && (scalar.properties.isAlphabetic || (48...57).contains(byte)
                    || "-._~".unicodeScalars.contains(scalar))
            escaped += isPlain ? String(scalar) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }
    }
}
