import Clocks
import Configuration
import JSON
import Link
import Synchronization
import Transfer

/// Calls the server over its socket.
struct Client {
    private let transfers = Transfers()
    private let link: ServerLink
    private let socket: String
    let keyFile: String
    /// The clock that the server goes by.
    let time: any TimeSource

    init(_ invocation: Invocation) throws {
        let path = SettingsPlace.path(invocation.config, environment: invocation.environment)
        let settings = try Settings(file: path, environment: invocation.environment)
        time = SettingsPlace.time(for: settings, environment: invocation.environment)
        (socket, keyFile) = (settings.server.socket, settings.keyFile)
        link = ServerLink(to: .socket(path: socket), transfers: transfers)
    }

    /// The body of a success.
    ///
    /// A problem's sentence is the command's failure; with `--json` the problem is printed too.
    func call(
        _ method: String,
        _ path: String,
        _ body: JSONValue? = nil,
        type: String = "application/json",
        headers: [(name: String, value: String)] = [],
        isJSON: Bool = false,
        timeout: Duration = .seconds(30)
    ) async throws -> JSONValue {
        let answer = try await answer(method, path, body, type: type, headers: headers, timeout: timeout)
        return try self.body(of: answer, isJSON: isJSON)
    }

    /// The body of an answer that is a success, else as ``call(_:_:_:type:headers:isJSON:timeout:)`` says.
    func body(of answer: LinkAnswer, isJSON: Bool) throws -> JSONValue {
        guard answer.isSuccess else { throw failure(answer, isJSON: isJSON) }
        return answer.body
    }

    func answer(
        _ method: String,
        _ path: String,
        _ body: JSONValue? = nil,
        type: String = "application/json",
        headers: [(name: String, value: String)] = [],
        timeout: Duration = .seconds(30)
    ) async throws -> LinkAnswer {
        do {
            return try await attempt(method, path, body, type: type, headers: headers, timeout: timeout)
        } catch {
            throw unreachable(error.reason)
        }
    }

    /// The server's answer, or why there is none, for whoever can do something about it.
    func attempt(
        _ method: String,
        _ path: String,
        _ body: JSONValue? = nil,
        type: String = "application/json",
        headers: [(name: String, value: String)] = [],
        timeout: Duration = .seconds(30)
    ) async throws(LinkFailure) -> LinkAnswer {
        try await link.call(method, path, body, type: type, headers: headers, timeout: timeout)
    }

    /// A body that is not JSON, as it is.
    func bytes(_ path: String, accept: String) async throws -> [UInt8] {
        let exchange = HTTPExchange(
            method: "GET",
            url: "http://localhost" + path,
            unixSocket: socket,
            headers: [("Accept", accept)],
            timeout: .seconds(120),
            maximumAnswerBytes: 64 << 20
        )
        var result = await transfers.http(exchange)
        // A kept connection that the server closed: reading once more changes nothing.
        if case .failed(let failure) = result, failure.kind == .notSent { result = await transfers.http(exchange) }
        switch result {
        case .failed(let failure): throw unreachable(failure.reason)
        case .answered(let answer) where answer.status == 200: return answer.body
        case .answered(let answer): throw refusal(answer)
        }
    }

    private func refusal(_ answer: HTTPAnswer) -> CommandFailure {
        // What is no problem in JSON has its status to say.
        let body = (try? JSONValue(parsing: answer.body)) ?? .null
        let sentence = body["detail"]?.string ?? "the server answered \(answer.status)"
        return CommandFailure(1, sentence + Client.facts(of: body))
    }

    /// Gives the body of a success to `take`, part by part; what takes long on the server is waited for.
    func fetch(
        _ method: String,
        _ path: String,
        take: @escaping @Sendable (_ part: [UInt8], _ whole: Int?) -> Bool
    ) async throws {
        var exchange = HTTPExchange(
            method: method,
            url: "http://localhost" + path,
            unixSocket: socket,
            timeout: .seconds(86_400)
        )
        let isTaken = Atomic(true)
        exchange.onContent = { part, whole in
            guard !take(part, whole) else { return true }
            isTaken.store(false, ordering: .relaxed)
            return false
        }
        switch await transfers.http(exchange) {
        case .answered(let answer) where (200..<300).contains(answer.status): return
        case .answered(let answer): throw refusal(answer)
        case .failed where !isTaken.load(ordering: .relaxed):
            throw CommandFailure(1, "the file cannot be written, perhaps for want of room; nothing was kept")
        case .failed(let failure) where failure.kind == .unreachable || failure.kind == .notSent:
            throw unreachable(failure.reason)
        case .failed(let failure):
            throw CommandFailure(1, "the answer broke off, nothing was kept: \(failure.reason)")
        }
    }

    func unreachable(_ reason: String) -> CommandFailure {
        CommandFailure(69, "the server cannot be reached at \(socket): \(reason) Start it with `gatepost up`.")
    }

    private func failure(_ answer: LinkAnswer, isJSON: Bool) -> CommandFailure {
        if isJSON { Output.print(answer.body) }
        return CommandFailure(1, answer.complaint + Client.facts(of: answer.body))
    }

    /// The members of a problem that say more than its sentence.
    static func facts(of problem: JSONValue) -> String {
        var facts: [String] = []
        if let type = problem["type"]?.string { facts.append(String(type.split(separator: ":").last ?? "")) }
        if let pointer = problem["pointer"]?.string, !pointer.isEmpty { facts.append("at \(pointer)") }
        // Why somebody stopped it, in their own words.
        if ["suppressed", "held"].contains(facts.first) {
            if let reason = problem["reason"]?.string { facts.append("reason: \(reason)") }
            if let until = problem["until"]?.string { facts.append("until \(until)") }
        }
        if let left = problem["tries_left"]?.int { facts.append("tries left: \(left)") }
        if let wait = problem["retry_after"]?.int { facts.append("again in \(wait) s") }
        if let name = problem["instance"]?.string { facts.append(name) }
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
