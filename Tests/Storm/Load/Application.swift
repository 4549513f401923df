import Clocks
import JSON
import TestSupport

/// An application that writes to people: one event after the other, and now and then what it should not do.
struct Application: Sendable {
    let post: Post
    let journal: Journal
    let watch: Watch
    let token: String

    /// More that waits would only wait.
    private static let backlog = 150

    /// Posts until the storm is over; each sender has people of its own.
    func run(sender: Int, seed: UInt64) async {
        var generator = SeededGenerator(seed: seed &+ UInt64(sender))
        var number = sender * 100_000
        while !journal.isOver {
            let waiting = watch.waiting
            guard let channel = Cast.Channel.allCases.min(by: { waiting[$0, default: 0] < waiting[$1, default: 0] }),
                waiting[channel, default: 0] < Application.backlog
            else {
                await rest(milliseconds: 30)
                continue
            }
            number += 1
            await act(channel, number, &generator)
        }
    }

    private func act(_ channel: Cast.Channel, _ number: Int, _ generator: inout SeededGenerator) async {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<5: await repeatEvent(&generator)
        case 5..<9:
            // To somebody who has one already: the same code, or a new one under the same challenge.
            await emit("c\(number)", "confirmation", mail: Application.mail(number - 1))
        case 9..<10:
            let address = channel == .mail ? Application.mail(number) : Application.phone(number)
            journal.isGreedy(address)
            for turn in 0..<8 { await emit("g\(number)-\(turn)", "mfa", address) }
        case 10..<12: await emit("d\(number)", "mfa", phone: Application.dearPhone(number))
        case 12..<15:
            let id = "x\(number)"
            await emit(
                id,
                channel == .mail ? "sign_up" : "mfa",
                channel == .mail ? Application.mail(number) : Application.phone(number)
            )
            await cancel(id)
        case 15..<18:
            await emit("b\(number)", "mfa", mail: Application.mail(number), phone: Application.phone(number))
        default:
            if channel == .mail {
                await emit("m\(number)", number % 3 == 0 ? "recovery" : "sign_up", mail: Application.mail(number))
            } else {
                await emit("t\(number)", "mfa", phone: Application.phone(number))
            }
        }
    }

    private func emit(_ id: String, _ type: String, _ address: String) async {
        await emit(
            id,
            type,
            mail: address.hasPrefix("+") ? nil : address,
            phone: address.hasPrefix("+") ? address : nil
        )
    }

    private func emit(_ id: String, _ type: String, mail: String? = nil, phone: String? = nil) async {
        var data: JSONObject = [:]
        data["email"] = mail.map(JSONValue.string)
        data["phone"] = phone.map(JSONValue.string)
        if mail != nil, phone != nil { data["channels"] = ["sms", "email"] }
        let event: JSONValue = [
            "specversion": "1.0", "id": .string(id), "source": "/storm", "type": .string("auth." + type),
            "subject": .string("user-" + id), "data": .object(data),
        ]
        journal.posting(id, event)
        await send(id, event)
    }

    /// Posts an event, and writes down what is answered.
    @discardableResult
    func send(_ id: String, _ event: JSONValue) async -> Post.Answer {
        let answer = await post.call("POST", "/v1/events", token: token, event, type: "application/cloudevents+json")
        journal.answered(id, event, answer)
        // Whoever finds the server dead comes again a little later.
        if answer.status == 0 || answer.status == 503 { await rest(milliseconds: 60) }
        return answer
    }

    /// Posts an event again that was accepted: nothing must come of it.
    private func repeatEvent(_ generator: inout SeededGenerator) async {
        guard let (id, entry) = journal.recent(using: &generator) else { return }
        let restores = watch.restores
        let answer = await post.call(
            "POST",
            "/v1/events",
            token: token,
            entry.event,
            type: "application/cloudevents+json"
        )
        guard answer.status != 0, answer.status != 503, watch.restores == restores,
            !watch.isBlind(at: entry.acceptedAt ?? 0)
        else { return }
        let deliveries = answer.body["deliveries"]?.array?.compactMap { $0["id"]?.string.map { String($0.suffix(32)) } }
        if answer.status != 200 || answer.body["status"] != "duplicate" || deliveries != entry.deliveries {
            journal.fault(
                "Event \(id) was accepted, and when it came again answered \(answer.status), not as at first."
            )
        }
    }

    private func cancel(_ id: String) async {
        guard let delivery = journal.entry(id)?.deliveries.first else { return }
        journal.asks(toCancel: delivery)
        let answer = await post.call("POST", "/v1/deliveries/dl_\(delivery)/cancel", token: token, [:])
        if answer.isSuccess { journal.cancelled(delivery) }
    }

    // MARK: People

    /// What all addresses look like, and nothing else does.
    static let pattern = "\(marker)|\\+1201[0-9]{7}|\\+447400[0-9]{6}"
    private static let marker = "marzipan"

    static func mail(_ number: Int) -> String { "\(marker)\(number)@example.com" }
    private static func phone(_ number: Int) -> String { "+1201\(2_000_000 + number % 7_000_000)" }
    private static func dearPhone(_ number: Int) -> String { "+447400\(100_000 + number % 900_000)" }
}

/// Sleeps; nobody cancels it.
func rest(milliseconds: Int64) async {
    _ = try? await Task.sleep(for: .milliseconds(milliseconds))
}
