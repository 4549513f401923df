import Foundation

/// Whether the bytes of a text stand in a file; a file that is not there holds nothing.
func fileContains(_ path: String, _ text: String) -> Bool {
    guard let data = FileManager.default.contents(atPath: path) else { return false }
    return data.range(of: Data(text.utf8)) != nil
}
