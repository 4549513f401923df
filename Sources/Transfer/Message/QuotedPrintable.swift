/// Text as quoted-printable (RFC 2045, section 6.7): ASCII in lines of at most 76 characters.
enum QuotedPrintable {
    private static let lineLength = 76
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Appends the text; each of its line breaks, whether CR LF, LF or CR, becomes CR LF, and the last line has one.
    static func append(_ text: String, to output: inout [UInt8]) {
        var text = text
        text.withUTF8 { bytes in unsafe append(bytes, to: &output) }
    }

    private static func append(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        var column = 0
        var index = 0
        while index < bytes.count {
            let byte = unsafe bytes[index]
            let next = index + 1 < bytes.count ? unsafe bytes[index + 1] : UInt8(ascii: "\n")
            index += 1
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if byte == UInt8(ascii: "\r"), next == UInt8(ascii: "\n"), index < bytes.count { index += 1 }
                output.append(contentsOf: [0x0D, 0x0A])
                column = 0
                continue
            }
            let isBlank = byte == 0x20 || byte == 0x09
            // A blank at the end of a line may be lost on the way.
            let endsLine = next == UInt8(ascii: "\n") || next == UInt8(ascii: "\r")
            let isPlain = isBlank ? !endsLine : byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "=")
            let width = isPlain ? 1 : 3
            // One column stays free for the mark of a soft line break, unless this ends the line.
            if column + width > lineLength - (endsLine ? 0 : 1) {
                output.append(contentsOf: [UInt8(ascii: "="), 0x0D, 0x0A])
                column = 0
            }
            column += width
            if isPlain {
                output.append(byte)
            } else {
                output.append(UInt8(ascii: "="))
                output.append(digits[Int(byte >> 4)])
                output.append(digits[Int(byte & 15)])
            }
        }
        if column > 0 { output.append(contentsOf: [0x0D, 0x0A]) }
    }
}
