import AuthEvents

/// The templates of one message in one language.
package struct MessageTemplates: Sendable {
    package let kind: TemplateKind
    package let language: LanguageTag
    /// Whether they came with the product.
    package let isBuiltIn: Bool
    let subject: Template?
    let text: Template
    let html: Template?

    /// The parts that are there, each with its path within a folder of templates.
    var parts: [(part: TemplatePart, file: String, template: Template)] {
        let templates: [(TemplatePart, Template?)] = [(.subject, subject), (.text, text), (.html, html)]
        return templates.compactMap { part, template in
            template.map { (part, "\(kind.folder)/\(language)\(part.ending)", $0) }
        }
    }

    /// Their files, as a tenant's folder has them.
    package var files: [TemplateFile] {
        parts.map { part, file, template in
            // The last line break was dropped where it is no part of the message.
            let ending = template.source.hasSuffix("\n") ? "" : "\n"
            return TemplateFile(path: file, contents: [UInt8]((template.source + ending).utf8))
        }
    }

    /// Fills them in.
    package func rendered(with values: MessageValues) -> RenderedMessage {
        rendered(with: values.byName(in: language))
    }

    func rendered(with values: [String: String]) -> RenderedMessage {
        let plain = text.rendered(with: values, as: .text)
        guard kind.channel == .email else {
            // Empty lines at the end, such as before a section that is not shown, would be paid for.
            let end = plain.lastIndex { !$0.isWhitespace }.map(plain.index(after:)) ?? plain.startIndex
            return RenderedMessage(subject: nil, text: String(plain[..<end]), html: nil)
        }
        let page = html?.rendered(with: values, as: .html) ?? MessageTemplates.page(of: plain, in: language)
        return RenderedMessage(subject: subject?.rendered(with: values, as: .line) ?? "", text: plain, html: page)
    }

    /// A mail without a template for HTML shows its text, with its lines.
    private static func page(of text: String, in language: LanguageTag) -> String {
        """
        <!DOCTYPE html>
        <html lang="\(language)">
        <head><meta charset="utf-8"><title></title></head>
        <body><div dir="auto" style="white-space: pre-wrap">\(Template.Output.html.escaped(text))</div></body>
        </html>

        """
    }
}

/// The texts of one message, filled in.
package struct RenderedMessage: Sendable, Equatable {
    /// Of a mail only, as is ``html``.
    package var subject: String?
    package var text: String
    package var html: String?
}

/// One file of a folder of templates.
package struct TemplateFile: Sendable, Equatable {
    /// Within the folder, its parts divided by `/`.
    package var path: String
    package var contents: [UInt8]

    package init(path: String, contents: [UInt8]) {
        (self.path, self.contents) = (path, contents)
    }
}
