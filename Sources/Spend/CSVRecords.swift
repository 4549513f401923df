/// A record of a CSV text: the line it begins in, counted from 1, and its fields or why there are none.
struct CSVRecord {
    let line: Int
    let fields: [String]
    let fault: String?
}

/// Reads CSV (RFC 4180) record by record; comment lines, which begin with `#`, and blank lines are passed over.
///
/// Lines end with LF or CRLF, the last one with or without. A byte order mark is passed over. Blanks beside a comma
/// belong to the field.
struct CSVRecords: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var place = 0
    private var line = 1
    private var fault: String?

    init(_ text: String) {
        bytes = Array(text.utf8)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    mutating func next() -> CSVRecord? {
        while place < bytes.count {
            guard bytes[place] == UInt8(ascii: "#") || isBlankLine else {
                return record()
            }
            skipLine()
        }
        return nil
    }

    private mutating func record() -> CSVRecord {
        let start = line
        var fields: [String] = []
        fault = nil
        fields.append(field())
        while fault == nil, place < bytes.count, bytes[place] == UInt8(ascii: ",") {
            place += 1
            fields.append(field())
        }
        skipLine()
        return CSVRecord(line: start, fields: fields, fault: fault)
    }

    private mutating func field() -> String {
        if place < bytes.count, bytes[place] == UInt8(ascii: "\"") { return quotedField() }
        let start = place
        while !isAtLineEnd(place), bytes[place] != UInt8(ascii: ",") {
            if bytes[place] == UInt8(ascii: "\"") {
                fault = "a quotation mark stands inside a field that does not begin with one"
            }
            place += 1
        }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func quotedField() -> String {
        var contents: [UInt8] = []
        place += 1
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "\"") {
                guard place < bytes.count, bytes[place] == byte else {
                    if !isAtLineEnd(place), bytes[place] != UInt8(ascii: ",") {
                        fault = "a closing quotation mark is followed by text; a mark inside a field is written twice"
                    }
                    return String(decoding: contents, as: UTF8.self)
                }
                place += 1
            } else if byte == UInt8(ascii: "\n") {
                line += 1
            }
            contents.append(byte)
        }
        fault = "a quotation mark is not closed"
        return ""
    }

    private mutating func skipLine() {
        while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
        place += 1
        line += 1
    }

    private var isBlankLine: Bool {
        var end = place
        while end < bytes.count, bytes[end] == UInt8(ascii: " ") || bytes[end] == UInt8(ascii: "\t") { end += 1 }
        return isAtLineEnd(end)
    }

    private func isAtLineEnd(_ place: Int) -> Bool {
        guard place < bytes.count else { return true }
        if bytes[place] == UInt8(ascii: "\n") { return true }
        guard bytes[place] == UInt8(ascii: "\r") else { return false }
        return place + 1 == bytes.count || bytes[place + 1] == UInt8(ascii: "\n")
    }
}
