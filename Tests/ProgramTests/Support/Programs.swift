import Foundation
import Processes

/// Where the programs under test lie.
enum Programs {
    /// `GATEPOST_TEST_PROGRAMS`, or beside the test's own program, where the build puts them.
    static let folder =
        ProcessInfo.processInfo.environment["GATEPOST_TEST_PROGRAMS"] ?? CurrentProcess.programFolder

    /// Of a program of ours; another is named with its path.
    static func path(_ name: String) -> String { name.hasPrefix("/") ? name : folder + "/" + name }
}
