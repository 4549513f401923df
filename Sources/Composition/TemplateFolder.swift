private import Foundation

extension TemplateSet {
    /// Reads a folder of templates from disk.
    ///
    /// - Throws: ``TemplateFault`` with all that is wrong; its files stand with the folder's path before them.
    package init(folder: String, defaultLanguage: LanguageTag = .english) throws(TemplateFault) {
        do throws(TemplateFault) {
            try self.init(files: readTemplateFolder(folder), defaultLanguage: defaultLanguage)
        } catch {
            throw error.within(folder)
        }
    }
}

/// Reads the files of a folder of templates, as ``TemplateSet/init(files:defaultLanguage:)`` takes them.
///
/// Names that begin with a dot are passed over. Links are followed. Of a file no more is read than it may have, and one byte.
///
/// - Throws: ``TemplateFault`` for a folder or file that cannot be read, for what is neither, and for more than 2,000 files.
package func readTemplateFolder(_ path: String) throws(TemplateFault) -> [TemplateFile] {
    var files: [TemplateFile] = []
    var problems: [TemplateFault.Problem] = []
    var folders = [""]
    while let folder = folders.popLast() {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path + "/" + folder) else {
            problems.append(TemplateFault.Problem(folder.isEmpty ? "." : folder, "the folder cannot be read"))
            continue
        }
        for name in names.sorted() where !name.hasPrefix(".") {
            let file = folder.isEmpty ? name : folder + "/" + name
            // A loop of links ends here.
            guard file.count(where: { $0 == "/" }) <= 4, files.count < 2000 else {
                throw TemplateFault(file, "the folder is too deep or has more than 2000 files; is it one of templates?")
            }
            switch kind(of: path + "/" + file) {
            case .typeDirectory: folders.append(file)
            case .typeRegular:
                guard let contents = beginning(of: path + "/" + file) else { fallthrough }
                files.append(TemplateFile(path: file, contents: contents))
            default:
                problems.append(
                    TemplateFault.Problem(file, "this cannot be read; check that it is a file, and its mode")
                )
            }
        }
    }
    if let fault = TemplateFault(problems) { throw fault }
    return files
}

private func kind(of path: String) -> FileAttributeType? {
    let target = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
    // What cannot be looked at has no kind, and is told as such.
    let attributes = try? FileManager.default.attributesOfItem(atPath: target)
    return attributes?[.type] as? FileAttributeType
}

private func beginning(of path: String) -> [UInt8]? {
    guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { _ = try? handle.close() }
    // An empty file has no data; a failure is told like a file that cannot be opened.
    guard let data = try? handle.read(upToCount: TemplateSet.largestFile + 1) ?? Data() else { return nil }
    return [UInt8](data)
}
