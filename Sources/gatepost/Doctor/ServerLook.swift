import Clocks
import Configuration
import JSON
import Link
import Transfer

/// What the server says of itself.
struct ServerLook: Sendable {
    /// What `/readyz` says; `nil` where nobody answers.
    var readiness: String?
    /// Why nobody answers.
    var silence: String?
    /// `nil` where this user may not ask.
    var status: JSONValue?

    var isUp: Bool { readiness != nil }
    var mayBeAsked: Bool { status != nil }

    init(_ doctor: Doctor) async {
        let exchange = HTTPExchange(
            method: "GET",
            url: "http://localhost/readyz",
            unixSocket: doctor.settings.server.socket
        )
        switch await doctor.transfers.http(exchange) {
        case .failed(let failure): silence = failure.reason
        case .answered(let answer):
            readiness = String(decoding: answer.body.prefix(32), as: UTF8.self).filter { !$0.isNewline }
            let told = try? await doctor.link.call("GET", "/v1/status", timeout: .seconds(10))
            status = told.flatMap { $0.isSuccess ? $0.body : nil }
        }
    }
}

extension Doctor {
    /// A carrier that waits for work asks every 20 s, so one that has not asked for this long has gone.
    private static let presence: Duration = .seconds(60)

    func serverFindings(_ server: ServerLook, _ store: StoreLook) -> [Finding] {
        let socket = settings.server.socket
        guard let readiness = server.readiness else {
            if store.isLocked {
                return [
                    .failed(
                        "server",
                        "some server has the database, and nobody answers at \(socket)",
                        "see whether server.socket is that server's, and what its log says"
                    )
                ]
            }
            return [.warning("server", "nobody answers at \(socket)", "start it with `gatepost up`")]
        }
        guard readiness == "ready" || readiness == "sandbox" else {
            return [
                .failed("server", "answers \(readiness) at \(socket)", "look at its log, and whether the disk is full")
            ]
        }
        guard let status = server.status else {
            return [
                .warning(
                    "server",
                    "answers \(readiness) at \(socket), and this user may not ask it",
                    "run doctor as root or as the user that runs the server"
                )
            ]
        }
        let other = status["version"]?.string ?? "unknown"
        guard other == version else {
            return [
                .warning(
                    "server",
                    "it is \(readiness) and has version \(other), this tool has \(version)",
                    "start it again with the programs of one version"
                )
            ]
        }
        return [.ok("server", "answers \(readiness) at \(socket), version \(other)")] + alertFindings(status)
    }

    /// What the server itself complains of.
    private func alertFindings(_ status: JSONValue) -> [Finding] {
        (status["alerts"]?.array ?? []).map { alert in
            .warning(
                "server",
                "\(alert["name"]?.string ?? "alert"): \(alert["detail"]?.string ?? "")",
                "see docs/operating.md, and `gatepost status`"
            )
        }
    }

    /// Whether each channel that has a gateway has a carrier; without a server nobody knows.
    func carrierFindings(_ server: ServerLook) -> [Finding] {
        guard let seen = server.status?["carriers"]?.array else { return [] }
        return carriedChannels.map { channel in
            // The server counts by a clock that nobody sets; last_seen is the wall's.
            let ages = seen.filter { $0["channel"] == .string(channel) }.compactMap { $0["seen_seconds_ago"]?.int }
            guard let age = ages.min(), .seconds(age) < Doctor.presence else {
                return .failed(
                    "carrier \(channel)",
                    "no worker for \(channel) has asked for work within \(Doctor.presence.milliseconds / 1000) s",
                    "start gatepost-\(channel)-worker, or look at its log"
                )
            }
            return .ok("carrier \(channel)", "seen \(age) s ago")
        }
    }
}
