import Foundation
import HTTPServer
import JSON
import Synchronization

/// An SMS gateway on the loopback interface that takes every message, sends none, and bills some.
///
/// It speaks as two of them do: Twilio's form at a path that ends in `/Messages.json`, else JSON of its own.
final class SMSSink: Sendable {
    struct Message: Sendable, Equatable {
        /// Under which login it came: `http` or `twilio`.
        var kind: String
        var to: String
        var from: String
        var text: String
        /// How long the gateway may try, in seconds.
        var validity: Int64
    }

    /// What each login is told by; a request with another is refused with 401.
    static let key = "demo-key"
    static let account = "AC00000000000000000000000000000000"
    /// What the JSON gateway bills for a message, whatever was expected.
    static let bill = "0.0112"

    private struct State {
        var messages: [Message] = []
        var listener: (@Sendable (Message) -> Void)?
        var refuses = false
    }

    private final class Desk: Sendable {
        let state = Mutex(State())
    }

    private let desk: Desk
    private let server: Listener

    /// Listens on a port, 0 for a free one, and takes what comes with the key.
    init(port: UInt16 = 0, key: String = SMSSink.key) throws {
        let desk = Desk()
        self.desk = desk
        server = try Listener(at: .internet(host: "127.0.0.1", port: Int(port))) { SMSSink.answer($0, desk, key) }
    }

    var url: String { "http://127.0.0.1:\(server.port)" }
    var messages: [Message] { desk.state.withLock(\.messages) }
    /// Whether it takes no login, as a gateway whose key was changed.
    var refuses: Bool {
        get { desk.state.withLock(\.refuses) }
        set { desk.state.withLock { $0.refuses = newValue } }
    }

    /// Tells of each message from now on.
    func listen(_ listener: @escaping @Sendable (Message) -> Void) {
        desk.state.withLock { $0.listener = listener }
    }

    /// Waits for as many messages in all.
    func messages(count: Int, within limit: Duration) async throws -> [Message] {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            let messages = messages
            if messages.count >= count { return messages }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Disappointment("\(messages.count) SMS came, not \(count)")
    }

    func stop() async { await server.drain(within: .seconds(2)) }

    private static func answer(_ request: Request, _ desk: Desk, _ key: String) -> Response {
        guard request.method == "POST" else { return json(405, ["message": "use POST"]) }
        let isForm = request.path.hasSuffix("/Messages.json")
        let login = Data("\(account):\(key)".utf8).base64EncodedString()
        let isKnown = request.headers["Authorization"] == (isForm ? "Basic \(login)" : "Bearer \(key)")
        guard isKnown, !desk.state.withLock(\.refuses) else {
            return json(401, ["code": 20003, "message": "Authenticate"])
        }
        guard let message = isForm ? form(request) : object(request) else {
            return json(400, ["code": 21601, "message": "the message cannot be read"])
        }
        let number = desk.state.withLock { state in
            state.messages.append(message)
            state.listener?(message)
            return state.messages.count
        }
        let id = JSONValue.string("SM" + String(repeating: "0", count: 32 - "\(number)".count) + "\(number)")
        if isForm { return json(201, ["sid": id, "status": "queued", "price": nil, "price_unit": "USD"]) }
        return json(201, ["sid": id, "cost": ["amount": .string(bill), "currency": "USD"]])
    }

    /// Twilio's members.
    private static func form(_ request: Request) -> Message? {
        guard let target = Target("/?" + String(decoding: request.body, as: UTF8.self)), let fields = target.query
        else {
            return nil
        }
        let values = Dictionary(fields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        guard let to = values["To"], let from = values["From"], let text = values["Body"],
            let validity = values["ValidityPeriod"].flatMap({ Int64($0) })
        else { return nil }
        return Message(kind: "twilio", to: to, from: from, text: text, validity: validity)
    }

    /// The members that the demonstration's own settings describe.
    private static func object(_ request: Request) -> Message? {
        guard let body = try? JSONValue(parsing: request.body), let to = body["to"]?.string,
            let from = body["from"]?.string, let text = body["text"]?.string, let validity = body["ttl"]?.int
        else { return nil }
        return Message(kind: "http", to: to, from: from, text: text, validity: validity)
    }

    private static func json(_ status: Int, _ body: JSONValue) -> Response {
        Response(status: status, headers: [("Content-Type", "application/json")], body: body.serialized())
    }
}
