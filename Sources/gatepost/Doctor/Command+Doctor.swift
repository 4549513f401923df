import Configuration
import Foundation
import JSON

extension Command {
    static let doctor = Command(
        name: "doctor",
        usage: "",
        summary: "check settings, keys, store, clock, prices and gateways, and say what to do; needs no server"
    ) { invocation in
        try invocation.arguments.finish()
        let doctor = try Doctor(invocation)
        let isJSON = invocation.isJSON
        let findings = await doctor.examine { finding in
            if !isJSON { finding.show() }
        }
        if isJSON { Output.print(["checks": .array(findings.map(\.json))]) }
        let failures = findings.count { $0.state == .failed }
        guard failures == 0 else {
            throw CommandFailure(1, failures == 1 ? "one check FAILED" : "\(failures) checks FAILED")
        }
    }
}
