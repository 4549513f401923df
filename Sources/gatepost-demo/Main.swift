import Foundation

@main
enum Main {
    static func main() async {
        let stays = ProcessInfo.processInfo.arguments.contains("--stay")
        exit(await Demonstration.run(stays: stays))
    }
}
