import Carrier
import Foundation
import Processes

@main
enum Main {
    static func main() async {
        let process = ProcessInfo.processInfo
        let words = Array(process.arguments.dropFirst())
        CurrentProcess.end(await EmailWorker.program.run(words, environment: process.environment))
    }
}
