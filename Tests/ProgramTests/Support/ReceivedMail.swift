import Foundation
import SMTPSink

/// A mail as a mail server took it, taken apart.
struct ReceivedMail {
    var headers: [(name: String, value: String)] = []
    var body = ""

    init(_ mail: SinkMail) {
        let text = String(decoding: mail.data, as: UTF8.self).replacing("\r\n", with: "\n")
        self.init(text)
    }

    private init(_ text: String) {
        guard let gap = text.range(of: "\n\n") else { return }
        for line in text[..<gap.lowerBound].replacing("\n ", with: " ").replacing("\n\t", with: " ").split(
            separator: "\n"
        ) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers.append((String(line[..<colon]), line[line.index(after: colon)...].trimmingPrefix(" ").description))
        }
        body = String(text[gap.upperBound...])
    }

    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

    /// The parts of a multipart body, with their own headers; their text decoded from quoted-printable.
    var parts: [ReceivedMail] {
        guard let type = header("Content-Type"), let start = type.range(of: "boundary=") else { return [] }
        let boundary = type[start.upperBound...].prefix { $0 != ";" }.filter { $0 != "\"" }
        return body.components(separatedBy: "--" + boundary).dropFirst().dropLast().map { part in
            var read = ReceivedMail(String(part.drop { $0 == "\n" }))
            if read.header("Content-Transfer-Encoding") == "quoted-printable" { read.body = unquoted(read.body) }
            return read
        }
    }

    /// The one run of six digits that stands alone in the text, the code.
    var code: String? { code(digits: 6) }

    func code(digits: Int) -> String? {
        let text = parts.first { $0.header("Content-Type")?.hasPrefix("text/plain") == true }?.body ?? body
        return text.split { !$0.isNumber }.map(String.init).first { $0.count == digits }
    }
}

/// RFC 2045, section 6.7.
private func unquoted(_ text: String) -> String {
    let bytes = [UInt8](text.replacing("=\n", with: "").utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
        if bytes[index] == UInt8(ascii: "="), index + 2 < bytes.count,
            let byte = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16)
        {
            result.append(byte)
            index += 3
        } else {
            result.append(bytes[index])
            index += 1
        }
    }
    return String(decoding: result, as: UTF8.self)
}
