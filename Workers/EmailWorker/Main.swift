import Carrier
import Clocks
import Configuration
import Foundation
import Processes

@main
enum Main {
    static func main() async {
        let process = ProcessInfo.processInfo
        let words = Array(process.arguments.dropFirst())
        CurrentProcess.end(await EmailWorker.run(words, environment: process.environment))
    }
}
