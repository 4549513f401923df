import Configuration
import JSON

/// What doctor found about one thing.
struct Finding: Sendable, Equatable {
    enum State: String, Sendable { case ok, warning, failed }

    /// What was looked at: `store`, `gateway mail-main`.
    var name: String
    var state: State
    var detail: String
    /// The next step, where there is one to take.
    var remedy: String?

    static func ok(_ name: String, _ detail: String) -> Finding { Finding(name: name, state: .ok, detail: detail) }

    static func warning(_ name: String, _ detail: String, _ remedy: String) -> Finding {
        Finding(name: name, state: .warning, detail: detail, remedy: remedy)
    }

    static func failed(_ name: String, _ detail: String, _ remedy: String) -> Finding {
        Finding(name: name, state: .failed, detail: detail, remedy: remedy)
    }

    var json: JSONValue {
        [
            "name": .string(name), "state": .string(state.rawValue), "detail": .string(detail),
            "remedy": remedy.map(JSONValue.string) ?? nil,
        ]
    }

    /// One line, and on trouble one with the next step.
    func show() {
        let mark = state == .failed ? "FAILED" : state.rawValue
        let gap = String(repeating: " ", count: 9 - mark.count)
        say("\(mark)\(gap)\(name): \(detail)")
        if let remedy { say(String(repeating: " ", count: 9) + "-> \(remedy)") }
    }
}
