import Configuration
import Foundation
import Processes

/// The demonstration; or one of its gateways alone, to try an installation against.
@main
enum Main {
    private static let usage = """
        usage: gatepost-demo [--stay]
               gatepost-demo mail-server [PORT]
               gatepost-demo sms-gateway [PORT] [--key KEY]

        The first does the whole job once, in .build/demo. The others take mails or SMS on loopback, send none, and say
        what came, until SIGTERM; without a port on a free one.
        """

    static func main() async {
        var arguments = ProgramArguments(Array(ProcessInfo.processInfo.arguments.dropFirst()))
        do {
            CurrentProcess.end(try await run(&arguments))
        } catch let error as UsageError {
            complain("\(error); see `gatepost-demo --help`")
            CurrentProcess.end(2)
        } catch {
            complain("\(error)")
            CurrentProcess.end(1)
        }
    }

    private static func run(_ arguments: inout ProgramArguments) async throws -> Int32 {
        guard !arguments.flag("help") else {
            say(usage)
            return 0
        }
        let stays = arguments.flag("stay")
        let key = try arguments.option("key")
        let name = arguments.word()
        let port = try arguments.word().map { word throws(UsageError) in
            guard let port = UInt16(word) else { throw UsageError("\(word) is no port") }
            return port
        }
        try arguments.finish()
        guard !stays || name == nil, key == nil || name == "sms-gateway" else {
            throw UsageError("--stay is of the demonstration, --key of sms-gateway")
        }
        switch name {
        case nil: return await Demonstration.run(stays: stays)
        case "mail-server": try await StandIn.mailServer(port: port ?? 0)
        case "sms-gateway": try await StandIn.smsGateway(port: port ?? 0, key: key ?? SMSSink.key)
        case .some(let name): throw UsageError("there is no \(name)")
        }
        return 0
    }

    private static func complain(_ sentence: String) {
        // There is nowhere else to complain.
        _ = try? FileHandle.standardError.write(contentsOf: Data("gatepost-demo: \(sentence)\n".utf8))
    }
}
