import Foundation
import Processes

@main
enum Main {
    static func main() async {
        let stays = ProcessInfo.processInfo.arguments.contains("--stay")
        CurrentProcess.end(await Demonstration.run(stays: stays))
    }
}
