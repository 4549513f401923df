import AuthEvents
import Clocks
import Deliveries
package import HTTPServer
import Intake
import JSON
import Store
import Verification

extension Problem {
    init(_ error: JSONError) {
        switch error {
        case .malformed(let offset, let reason):
            self.init(
                .malformed,
                "The body could not be read as JSON: \(reason). Correct it at this byte.",
                ["offset": .integer(Int64(offset))]
            )
        case .duplicateKey(let pointer, _):
            self.init(
                .malformed,
                "A member stands twice; send it once.",
                ["pointer": .string("\(pointer)")]
            )
        case .tooDeep(let limit, let offset, _):
            self.init(
                .malformed,
                "The body is nested deeper than \(limit) levels; make it flatter.",
                ["offset": .integer(Int64(offset))]
            )
        case .invalidUTF8(let offset):
            self.init(.malformed, "The body is not UTF-8; encode it so.", ["offset": .integer(Int64(offset))])
        }
    }

    init(_ error: EnvelopeError, limits: RequestLimits) {
        switch error {
        case .notJSON(let cause): self.init(cause)
        case .otherShape(let reason): self.init(.malformed, reason, ["pointer": ""])
        case .tooManyEvents(let limit):
            self.init(
                .tooLarge,
                "The batch has more than \(limit) events; split it.",
                ["limit_bytes": .integer(Int64(limits.batchBytes)), "limit_events": .integer(Int64(limit))]
            )
        case .attribute(let problem): self.init(IntakeRefusal.invalid(problem), at: Instant(milliseconds: 0))
        }
    }

    init(_ error: StoreError) {
        // A damaged database takes somebody who restores it.
        let wait: Int64 = if case .damaged = error { 60 } else { 1 }
        self.init(
            .unavailable,
            "Nothing was done. Try again; the server's operator finds the cause in its log.",
            retryAfter: wait
        )
    }

    /// Why one channel of an event cannot be written to; `other` are channels that the application can try instead.
    init(_ refusal: LegRefusal, other: [Channel], at now: Instant) {
        let others = JSONValue.array(other.map { .string($0.name) })
        switch refusal.cause {
        case .destination(let cause):
            self.init(
                .destinationRefused,
                Problem.advice(on: cause, refusal.channel),
                [
                    "country": cause.country.map(JSONValue.string) ?? nil, "reason": .string(cause.reason.rawValue),
                    "other_channels": others,
                ]
            )
        case .overBudget(let name, let end):
            let wait = max((end - now).secondsRoundedUp, 1)
            self.init(
                .overBudget,
                "The budget \(name) has no room for this message before \(end); use another channel, or raise the budget.",
                ["budget": .string(name), "resets_at": .string("\(end)"), "other_channels": others],
                retryAfter: min(wait, 3600)
            )
        case .limited(let name, let wait): self.init(limit: name, wait: wait)
        case .suppressed(let reason, let until):
            self.init(
                .suppressed,
                "This recipient must not be written to; use another channel, or end the suppression.",
                [
                    "reason": .string(reason), "until": until.map { .string("\($0)") } ?? nil, "other_channels": others,
                ]
            )
        case .held(let reason, let until, let isWhole):
            self.init(
                .held,
                "This is stopped for a while; use another channel, wait, or end the hold.",
                [
                    "reason": .string(reason), "until": .string("\(until)"),
                    "other_channels": isWhole ? .array([]) : others,
                ]
            )
        }
    }

    /// A limit, or a resend wait, that has no room now.
    init(limit name: String, wait: Duration) {
        let seconds = max(wait.secondsRoundedUp, 1)
        let what = name == LegRefusal.resend ? "The last message is too young" : "The limit \(name) is reached"
        self.init(
            .rateLimited,
            "\(what); come again in \(seconds) seconds.",
            ["limit": .string(name)],
            retryAfter: seconds
        )
    }

    private static func advice(on refusal: DestinationRefusal, _ channel: Channel) -> String {
        let country = refusal.country ?? "a number of no country"
        switch refusal.reason {
        case .country: return "Messages to \(country) are not allowed; use another channel, or allow the country."
        case .numberType:
            return "Numbers of this type in \(country) are not written to; ask for a mobile number."
        case .noRoute where channel == .email:
            return "No gateway takes the channel email; use another, or add a gateway."
        case .noRoute: return "No route leads to \(country); use another channel, or add a route."
        case .noPrice: return "There is no price for this number in \(country); use another channel, or add a price."
        case .priceCeiling:
            return "A message to this number in \(country) costs more than is allowed; use another channel."
        }
    }

    init(_ refusal: IntakeRefusal, at now: Instant) {
        switch refusal {
        case .invalid(let problem):
            self.init(
                .invalidEvent,
                problem.reason,
                ["pointer": .string("\(problem.pointer)"), "reason": .string(problem.reason)]
            )
        case .forbidden:
            self.init(
                .forbidden,
                "This sender may not write for this tenant: name a declared tenant, and the token's own.",
                ["scope": "events"]
            )
        case .conflict:
            self.init(
                .conflict,
                "Another event with this id and source was accepted before; give each event an id of its own."
            )
        case .refused(let refusal, let other): self.init(refusal, other: other, at: now)
        case .store(let error): self.init(error)
        case .keys: self.init(.unavailable, "Nothing was accepted: the server's keys cannot be used.", retryAfter: 60)
        }
    }

    init(_ refusal: VerificationRefusal) {
        switch refusal {
        case .notFound: self = .notFound
        case .conflict:
            self.init(
                .conflict,
                "This Idempotency-Key came with another body before; take a new key for a new request."
            )
        case .mismatch(let left):
            self.init(.codeMismatch, "Ask for the code again, or for a new one.", ["tries_left": .integer(left)])
        case .expired(let left):
            self.init(.codeExpired, "Send a new event to get a new code.", ["tries_left": .integer(left)])
        case .used(let left):
            self.init(
                .codeUsed,
                "The code was verified before; a code works once. Send a new event to get a new one.",
                ["tries_left": .integer(left)]
            )
        case .tooManyTries(let wait, let isPerson):
            self.init(
                .tooManyTries,
                isPerson
                    ? "This person has no tries left; wait until one is given back, a new code does not give any."
                    : "Send a new event to open another challenge.",
                ["tries_left": 0],
                retryAfter: max(wait.secondsRoundedUp, 1)
            )
        case .limited(let name, let wait): self.init(limit: name, wait: wait)
        case .store(let error): self.init(error)
        case .keys: self.init(.unavailable, "Nothing was verified: the server's keys cannot be used.", retryAfter: 60)
        }
    }

    /// The answer to a request that was never run.
    package init(_ rejection: Rejection) {
        switch rejection {
        case .bodyTooLarge(let limit):
            self.init(.tooLarge, "The body is too large; split it.", ["limit_bytes": .integer(Int64(limit))])
        case .headerTooLarge(let limit):
            self.init(.tooLarge, "The header is too large.", ["limit_bytes": .integer(Int64(limit))])
        case .overloaded: self.init(.unavailable, "\(rejection)", retryAfter: rejection.retryAfter.map(Int64.init))
        case .malformed, .tooSlow: self.init(.malformed, "\(rejection)")
        }
    }
}
