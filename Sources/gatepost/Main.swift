import Foundation

@main
enum Main {
    static func main() async {
        let process = ProcessInfo.processInfo
        exit(await CommandLineTool.run(Array(process.arguments.dropFirst()), environment: process.environment))
    }
}
