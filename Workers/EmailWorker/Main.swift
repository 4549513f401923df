import Carrier
import Clocks
import Configuration
import Foundation
import Processes

@main
enum Main {
    static func main() async {
        let process = ProcessInfo.processInfo
        exit(await EmailWorker.run(Array(process.arguments.dropFirst()), environment: process.environment))
    }
}
