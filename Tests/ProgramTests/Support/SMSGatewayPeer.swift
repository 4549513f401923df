import Foundation
import JSON
import Synchronization

/// An HTTP API for text messages that does as a test says, and keeps its own record of what it took.
final class SMSGatewayPeer: Sendable {
    /// A message as it was handed over.
    struct Request: Sendable {
        /// Its place among all, from 1.
        var number: Int
        /// Its place among those to the same recipient, from 1.
        var numberOfRecipient: Int
        var message: HTTPMessage
        /// The members of the body, whatever its type.
        var fields: [String: String]
        var at: ContinuousClock.Instant
        /// What an answer would name it; of no two requests the same.
        var sid: String

        var to: String { fields["to"] ?? fields["To"] ?? "" }
        var text: String { fields["text"] ?? fields["Body"] ?? "" }
        /// The attempt's reference, where the description sends it.
        var reference: String { fields["ref"] ?? "" }
        /// The code that the text begins with.
        var code: String { String(text.prefix { $0.isNumber }) }
    }

    /// What the peer does with a request.
    struct Reaction: Sendable {
        enum Ending: Sendable {
            case answer(HTTPMessage)
            /// 201 with the message's name, and these members.
            case created(String)
            /// Closes when the request is complete.
            case close
            /// Says nothing and leaves the connection open.
            case silence
        }

        var takes: Bool
        var ending: Ending
        /// What it waits for before it takes the message.
        var before: Latch?
        /// What it waits for before it answers.
        var after: Latch?
        /// Less than a second.
        var delay: Duration = .zero

        static let take = Reaction(takes: true, ending: .created(""))
        static let takeAndClose = Reaction(takes: true, ending: .close)
        static let takeAndSayNothing = Reaction(takes: true, ending: .silence)
        static let close = Reaction(takes: false, ending: .close)

        static func take(before: Latch? = nil, after: Latch? = nil, delay: Duration = .zero) -> Reaction {
            Reaction(takes: true, ending: .created(""), before: before, after: after, delay: delay)
        }
        static func take(billing members: String) -> Reaction { Reaction(takes: true, ending: .created("," + members)) }
        static func takeAndAnswer(_ status: Int, _ body: String) -> Reaction {
            Reaction(takes: true, ending: .answer(.answer(status, body)))
        }
        static func answer(_ status: Int, _ body: String = "{}", _ fields: [String] = []) -> Reaction {
            Reaction(takes: false, ending: .answer(.answer(status, body, fields)))
        }
    }

    /// Says what to do with a request.
    typealias Script = @Sendable (Request) -> Reaction

    private struct Record {
        var requests: [Request] = []
        var taken: [Request] = []
        var connections = 0
        var isOver = false
    }

    /// What the threads of the connections share.
    private final class Shared: Sendable {
        let record = Mutex(Record())

        var isUp: Bool { record.withLock { !$0.isOver } }
    }

    private let shared: Shared
    private let listener: StreamListener

    /// Listens on a free port of loopback.
    ///
    /// `closing`: Whether a connection, counted from 1, is closed before anything is read from it.
    ///
    /// `react`: Says what to do with each request.
    init(
        closing: @escaping @Sendable (Int) -> Bool = { _ in false },
        react: @escaping Script = { _ in .take }
    ) throws {
        let shared = Shared()
        self.shared = shared
        listener = try StreamListener { stream in
            let number = shared.record.withLock { record in
                record.connections += 1
                return record.connections
            }
            guard !closing(number) else { return }
            while let message = stream.next() {
                let request = SMSGatewayPeer.receive(message, shared)
                guard SMSGatewayPeer.serve(request, react(request), stream, shared) else { return }
            }
        }
    }

    var port: UInt16 { listener.port }
    var requests: [Request] { shared.record.withLock { $0.requests } }
    /// What it took, in the order in which it did; a gateway would send and bill each of these.
    var taken: [Request] { shared.record.withLock { $0.taken } }

    func taken(_ number: String) -> [Request] { taken.filter { $0.to == number } }

    /// Waits for so many requests and returns the last of them.
    @discardableResult
    func request(_ count: Int) async throws -> Request {
        try await eventually("\(count) requests at the gateway, there are \(requests.count)") {
            requests.count >= count ? requests[count - 1] : nil
        }
    }

    func stop() {
        shared.record.withLock { $0.isOver = true }
        listener.stop()
    }

    private static func receive(_ message: HTTPMessage, _ shared: Shared) -> Request {
        let isForm = message.field("Content-Type")?.contains("form") == true
        let fields = isForm ? formFields(message.body) : jsonFields(message.body)
        return shared.record.withLock { record in
            var request = Request(
                number: record.requests.count + 1,
                numberOfRecipient: 1,
                message: message,
                fields: fields,
                at: .now,
                sid: "SM-" + letters(of: record.requests.count)
            )
            request.numberOfRecipient += record.requests.count { $0.to == request.to }
            record.requests.append(request)
            return request
        }
    }

    /// Returns whether the connection goes on.
    private static func serve(_ request: Request, _ reaction: Reaction, _ stream: HTTPStream, _ shared: Shared) -> Bool
    {
        reaction.before?.wait(while: { shared.isUp })
        usleep(useconds_t(reaction.delay.components.attoseconds / 1_000_000_000_000))
        if reaction.takes { shared.record.withLock { $0.taken.append(request) } }
        reaction.after?.wait(while: { shared.isUp })
        switch reaction.ending {
        case .answer(let answer): return stream.send(answer)
        case .created(let members): return stream.send(.answer(201, "{\"sid\":\"\(request.sid)\"\(members)}"))
        case .close: return false
        case .silence:
            stream.drain()
            return false
        }
    }
}

private func jsonFields(_ body: [UInt8]) -> [String: String] {
    guard case .object(let object)? = try? JSONValue(parsing: body) else { return [:] }
    return Dictionary(
        object.members.map { ($0.name, $0.value.string ?? String(decoding: $0.value.serialized(), as: UTF8.self)) },
        uniquingKeysWith: { first, _ in first }
    )
}

private func formFields(_ body: [UInt8]) -> [String: String] {
    var fields: [String: String] = [:]
    for part in String(decoding: body, as: UTF8.self).split(separator: "&") {
        let sides = part.split(separator: "=", maxSplits: 1).map {
            $0.replacing("+", with: " ").removingPercentEncoding ?? ""
        }
        fields[sides[0]] = sides.count > 1 ? sides[1] : ""
    }
    return fields
}

/// A number in letters, because runs of digits are struck out of what is kept of gateways.
private func letters(of number: Int) -> String {
    var (rest, text) = (number, "")
    repeat {
        text.append(Character(UnicodeScalar(UInt8(97 + rest % 26))))
        rest /= 26
    } while rest > 0
    return text
}
