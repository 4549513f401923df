private import CTOML

extension TOMLTable {
    /// Parses a document; arrays and inline tables may be nested 16 deep, and a dotted key may have 16 parts.
    ///
    /// - Throws: ``TOMLError`` for the first thing that is wrong.
    package init(parsing text: String) throws(TOMLError) {
        var text = text
        let result = text.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                unsafe TOMLTable.parse(characters)
            }
        }
        self = try result.get()
    }

    private static func parse(_ text: UnsafeBufferPointer<CChar>) -> Result<TOMLTable, TOMLError> {
        var empty: CChar = 0
        let parsed = unsafe text.baseAddress.map { unsafe ctoml_parse($0, text.count) } ?? ctoml_parse(&empty, 0)
        guard let document = unsafe parsed else { fatalError("out of memory for a document") }
        defer { unsafe ctoml_free(document) }
        var line: Int64 = 0
        var column: Int64 = 0
        if let reason = unsafe ctoml_error(document, &line, &column) {
            return .failure(
                TOMLError(line: Int(line), column: Int(column), reason: unsafe String(cString: reason))
            )
        }
        var count = 0
        let start = unsafe ctoml_nodes(document, &count)
        var reader = unsafe NodeReader(UnsafeBufferPointer(start: start, count: count))
        guard case .table(let table) = reader.next().node.value else { fatalError("the root of a document is a table") }
        return .success(table)
    }
}

extension TOMLNode {
    /// Parses one value, as it stands after the `=` of a key, on one line; columns count from the value's beginning.
    ///
    /// - Throws: ``TOMLError`` for the first thing that is wrong.
    package init(parsingValue text: String) throws(TOMLError) {
        guard !text.contains(where: \.isNewline) else {
            throw TOMLError(line: 1, column: 1, reason: "a value stands on one line")
        }
        let prefix = "value = "
        do throws(TOMLError) {
            guard let node = try TOMLTable(parsing: prefix + text)["value"] else {
                throw TOMLError(line: 1, column: prefix.count + 1, reason: "there is no value")
            }
            self = node.shifted(left: prefix.count)
        } catch {
            throw TOMLError(line: 1, column: max(error.column - prefix.count, 1), reason: error.reason)
        }
    }

    private func shifted(left columns: Int) -> TOMLNode {
        var node = self
        node.column -= columns
        switch value {
        case .array(let elements): node.value = .array(elements.map { $0.shifted(left: columns) })
        case .table(let table):
            let members = table.members.map { member in
                var member = member
                member.column -= columns
                member.node = member.node.shifted(left: columns)
                return member
            }
            node.value = .table(TOMLTable(members: members))
        default: break
        }
        return node
    }
}

@safe private struct NodeReader {
    private var rest: Slice<UnsafeBufferPointer<ctoml_node>>

    init(_ nodes: UnsafeBufferPointer<ctoml_node>) {
        unsafe rest = nodes[...]
    }

    mutating func next() -> TOMLTable.Member {
        let node = unsafe rest.removeFirst()
        let value: TOMLValue
        switch unsafe node.type {
        case CTOML_STRING: value = .string(unsafe text(node.text, node.text_length))
        case CTOML_INTEGER: value = .integer(unsafe node.integer)
        case CTOML_FLOAT: value = .float(unsafe node.number)
        case CTOML_BOOLEAN: value = .boolean(unsafe node.boolean)
        case CTOML_DATE_TIME: value = .dateTime(unsafe text(node.text, node.text_length))
        case CTOML_ARRAY: value = .array((0..<(unsafe node.count)).map { _ in next().node })
        default: value = .table(TOMLTable(members: (0..<(unsafe node.count)).map { _ in next() }))
        }
        return unsafe TOMLTable.Member(
            key: text(node.key, node.key_length),
            line: Int(node.key_line),
            column: Int(node.key_column),
            node: TOMLNode(value: value, line: Int(node.line), column: Int(node.column))
        )
    }

    private func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
        guard let start = unsafe start else { return "" }
        return unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
}
