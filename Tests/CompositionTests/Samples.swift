import AuthEvents
import Challenges
import Composition
import Testing

let languages = ["en", "de", "es", "fr", "pt"]

/// Every kind that has built-in words.
let builtInKinds: [TemplateKind] = Channel.allCases.flatMap { channel in
    Purpose.allCases.filter { $0 != .notice }.map { TemplateKind($0, channel) }
        + ([nil] + NoticeName.wellKnown.map(Optional.init)).map { TemplateKind(.notice, notice: $0, channel) }
}

struct BuiltInMessage: Sendable, CustomTestStringConvertible {
    var kind: TemplateKind
    var language: String

    var testDescription: String { "\(kind.folder) in \(language)" }

    static func all(on channel: Channel) -> [BuiltInMessage] {
        builtInKinds.filter { $0.channel == channel }.flatMap { kind in
            languages.map { BuiltInMessage(kind: kind, language: $0) }
        }
    }

    func rendered(with values: MessageValues) throws -> RenderedMessage {
        let found = try #require(try builtInSet().find(kind, locale: language))
        #expect(found.language.description == language && found.kind == kind && found.isBuiltIn)
        return found.rendered(with: values)
    }
}

extension TemplateFile {
    init(_ path: String, _ text: String) {
        self.init(path: path, contents: [UInt8](text.utf8))
    }
}

/// The problems of a folder, none where it is taken.
func problems(_ files: TemplateFile...) -> [String] {
    do throws(TemplateFault) {
        _ = try TemplateSet(files: files)
        return []
    } catch {
        return error.problems.map(\.description)
    }
}

/// An event's contents as they come out of the seal.
func contents(_ data: String, phone: String? = nil) throws -> EventContents {
    let number = phone.map { ", \"phone\": \"\($0)\"" } ?? ""
    return try EventContents(text: [UInt8]("{\"data\": \(data)\(number)}".utf8))
}

private let onlyOnce = Result { try TemplateSet.builtIn() }

/// The texts that come with the product, read once for all tests.
func builtInSet() throws -> TemplateSet { try onlyOnce.get() }
