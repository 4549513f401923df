package import AuthEvents

/// What a template is for: a purpose, for notices which one, and a channel.
package struct TemplateKind: Sendable, Hashable {
    package let purpose: Purpose
    /// `new_sign_in`, `password_changed`, …; `nil` for the notice that stands in for any other.
    package let notice: NoticeName?
    package let channel: Channel

    /// `notice`: Counts where the purpose is `notice` only.
    package init(_ purpose: Purpose, notice: NoticeName? = nil, _ channel: Channel) {
        (self.purpose, self.channel) = (purpose, channel)
        self.notice = purpose == .notice ? notice : nil
    }

    /// What stands in where there is no text of this notice.
    var general: TemplateKind { TemplateKind(purpose, channel) }

    package var carriesCode: Bool { purpose.carriesCode }

    /// Its folder, as a path within a folder of templates: `mfa/sms`, `notice/new_sign_in/email`.
    package var folder: String {
        [purpose.name, notice?.description, channel.name].compactMap(\.self).joined(separator: "/")
    }

    /// What its templates may name, beside anything that begins with ``dataPrefix``.
    package var names: Set<String> {
        let always: Set<String> = ["brand", "name", "link", "domain"]
        return always.union(carriesCode ? ["code", "life"] : ["notice"])
    }

    /// A member of the event's `template_data` is named with this before it: `data.device`.
    package static let dataPrefix = "data."
}

/// The parts that a message's texts are kept in.
enum TemplatePart: Sendable, CaseIterable {
    case subject
    case text
    case html

    /// What follows the language in the name of a file.
    var ending: String {
        switch self {
        case .subject: ".subject.txt"
        case .text: ".txt"
        case .html: ".html"
        }
    }

    static func parts(of channel: Channel) -> [TemplatePart] {
        switch channel {
        case .email: allCases
        case .sms: [.text]
        }
    }
}
