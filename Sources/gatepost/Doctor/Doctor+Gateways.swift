import AuthEvents
import Configuration
import Deliveries
import JSON
import Link
import Processes

extension Doctor {
    /// The server answers a probe within this, whatever the gateways do.
    private static let probeLimit: Duration = .seconds(60)

    /// The channels that have a gateway.
    var carriedChannels: [String] {
        Channel.allCases.filter { channel in settings.gateways.contains { $0.terms.channel == channel } }.map(\.name)
    }

    /// A real connection to each: by the carriers of the server that runs, otherwise by worker programs started for it.
    func gatewayFindings(_ server: ServerLook) async -> [Finding] {
        var answers: [String: JSONValue] = [:]
        if server.mayBeAsked {
            let told = try? await link.call("POST", "/v1/gateways/probe", [:], timeout: Doctor.probeLimit)
            for item in told?.body["items"]?.array ?? [] { answers[item["gateway"]?.string ?? ""] = item }
        } else {
            for channel in carriedChannels { answers.merge(await lines(ofWorkerFor: channel)) { $1 } }
        }
        return settings.gateways.map { gateway in
            finding(gateway, answers[gateway.terms.name], hasServer: server.mayBeAsked)
        }
    }

    /// What the worker program beside this one prints of its gateways, which end with it.
    private func lines(ofWorkerFor channel: String) async -> [String: JSONValue] {
        let worker = await Child.start(
            CurrentProcess.programFolder + "/gatepost-\(channel)-worker",
            ["--probe", "--config", config, "--parent", String(CurrentProcess.id)]
        )
        guard let worker else { return [:] }
        var answers: [String: JSONValue] = [:]
        for await line in worker.lines {
            guard let answer = try? JSONValue(parsing: [UInt8](line.utf8)) else { continue }
            answers[answer["gateway"]?.string ?? ""] = answer
        }
        _ = await worker.exitCode()
        return answers
    }

    private func finding(_ gateway: GatewaySettings, _ answer: JSONValue?, hasServer: Bool) -> Finding {
        let name = "gateway \(gateway.terms.name)"
        let worker = "gatepost-\(gateway.terms.channel.name)-worker"
        guard let answer else {
            return hasServer
                ? .failed(name, "the server did not try it", "start server and workers again with these settings")
                : .failed(name, "\(worker) did not try it", "see what it says above; it must lie beside gatepost")
        }
        let code = answer["code"]?.string ?? ""
        let detail = [code, answer["detail"]?.string ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
        switch answer["result"]?.string {
        case "ok":
            return .ok(name, "\(Doctor.proof(gateway)), in \(answer["ms"]?.int ?? 0) ms")
        case "no_carrier": return .failed(name, detail, "start \(worker), or look at its log")
        case "unreachable":
            return .failed(
                name,
                detail,
                "correct its url, or see whether a firewall, the name or the vendor is at fault"
            )
        default: return .failed(name, detail, Doctor.remedy(code))
        }
    }

    /// What is known where the trial went well.
    private static func proof(_ gateway: GatewaySettings) -> String {
        if gateway.terms.kind == "sandbox" { return "its folder can be written" }
        if gateway.http != nil {
            return "connection\(gateway.url.hasPrefix("https") ? " and TLS" : ""); no request was made"
        }
        return gateway.account == nil ? "connection and greeting" : "connection, greeting and login"
    }

    private static func remedy(_ code: String) -> String {
        switch code {
        case "tls":
            "see its certificate and the name in url; ca names an authority of your own, starttls how TLS begins"
        case "folder": "let the user that runs the worker write in sandbox.dir"
        case "settings": "put the secret where the settings say, or correct them"
        default: "correct account and secret; the server's own words stand here"
        }
    }
}
